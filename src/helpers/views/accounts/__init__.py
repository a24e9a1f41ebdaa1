"""The accounts chapter: figures, sentences, the list, the pages of accounts."""
