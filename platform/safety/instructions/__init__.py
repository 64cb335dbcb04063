"""Instructions to a model that somebody planted in a text: see `detector`, and `reading` for its first half."""
