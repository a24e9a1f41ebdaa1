"""The sampling chapter: figures, sentences, charts, and the lesson on drawing."""
