"""The room of the chapter on what was predicted, what came, and what it was worth."""
