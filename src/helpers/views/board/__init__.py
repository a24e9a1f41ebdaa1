"""The board chapter: what customers of a year ago bring, who stayed, what they are worth."""
