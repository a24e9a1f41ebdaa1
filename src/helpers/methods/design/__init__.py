"""Before fieldwork: whom to ask and how many."""
