"""Where a server under test keeps its documents."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from pymongo import MongoClient
from support.mongo_server import mongo_uri


@contextmanager
def mongo_place() -> Iterator[str]:
    """The URI of a database that does not exist yet; dropped at the end."""
    name = f"footnote_test_{uuid4().hex[:16]}"
    uri = mongo_uri(name)
    yield uri
    with MongoClient[dict[str, object]](uri) as client:
        client.drop_database(name)
