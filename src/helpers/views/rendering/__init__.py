"""What every page is made of: numerals, names, tables, charts, sentences. It knows no chapter."""
