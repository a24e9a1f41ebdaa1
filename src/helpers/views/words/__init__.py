"""What the pages say, and by which rules they may say it."""
