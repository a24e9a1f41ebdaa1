"""How a report is made: chapters run, the book is built, and both are put in place."""
