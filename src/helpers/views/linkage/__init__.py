"""The linkage chapter: figures, sentences, charts."""
