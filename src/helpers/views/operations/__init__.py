"""What the operations chapter shows: figures, sentences, tables, charts."""
