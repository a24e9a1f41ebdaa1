"""A report in other formats than HTML: each made from what the run handed on."""
