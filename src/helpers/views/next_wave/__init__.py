"""The chapter on the next wave: figures, sentences, tables, charts."""
