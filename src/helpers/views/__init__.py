"""How results are shown, a room for each chapter over what all share. Nothing is computed here."""
