"""The actions chapter: which to fund, and the first ninety days."""
