"""What a page may quote of a result: its numbers by name, with unit, interval, base and grade."""
