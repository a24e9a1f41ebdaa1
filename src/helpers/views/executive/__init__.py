"""The executive page: what it quotes of the other chapters, and what it says."""
