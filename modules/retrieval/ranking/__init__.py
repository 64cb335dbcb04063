"""Ordering what the index has found."""
