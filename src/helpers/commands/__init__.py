"""Commands of ``handbook`` by subject, each module adding its own to the application."""
