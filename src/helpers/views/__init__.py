"""How results are shown: charts, tables and words. Nothing is computed here."""
