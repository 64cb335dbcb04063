"""What the words of a text are, in the languages that people write: alike for chunks and for questions."""
