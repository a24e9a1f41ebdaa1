"""Estimates from a survey: design, means and ratios, calibration, groups, disclosure."""
