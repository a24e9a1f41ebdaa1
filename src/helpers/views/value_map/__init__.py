"""The value map chapter: figures, sentences, charts."""
