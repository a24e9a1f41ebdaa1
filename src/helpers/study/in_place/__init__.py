"""Tables that stay where they are: in a database, or in files too large to be read whole."""
