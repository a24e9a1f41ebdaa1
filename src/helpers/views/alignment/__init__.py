"""What the alignment chapter shows: figures, sentences, tables, charts."""
