"""The recovery chapter: who waits, how long, why, and what contact in time was worth."""
