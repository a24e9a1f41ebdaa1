"""The loyalty chapter: figures, sentences, tables, charts."""
