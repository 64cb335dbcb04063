"""Everything of a store in one file: a backup, and the way to a store of another kind."""
