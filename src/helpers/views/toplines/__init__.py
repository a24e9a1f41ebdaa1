"""The appendix of toplines and banner tables: every question's answers."""
