"""The drivers chapter: figures, sentences, tables, charts."""
