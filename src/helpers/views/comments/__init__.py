"""The comments chapter: figures, sentences, charts."""
