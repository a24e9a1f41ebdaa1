"""The leads chapter: whom to call about what, and what it is worth."""
