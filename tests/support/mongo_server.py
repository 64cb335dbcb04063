"""The MongoDB-compatible server that tests talk to."""

import os

import pytest

URI = "FOOTNOTE_TEST_MONGODB_URI"


def mongo_uri() -> str:
    """Where it listens; without one, the test that asks is skipped."""
    if uri := os.environ.get(URI):
        return uri
    pytest.skip(f"no MongoDB: {URI} names none")
