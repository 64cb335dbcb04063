"""Words that the schemas of MongoDB stores are written in. What they give is part of released migrations."""

from typing import Any

from footnote.platform.storage.mongo_migrations import AddCollection, AddIndex, Direction

TEXT = {"bsonType": "string"}
TEXTS = {"bsonType": "array", "items": TEXT}
TEXT_OR_NULL = {"bsonType": ["string", "null"]}
NUMBER = {"bsonType": ["int", "long"]}
TRUTH = {"bsonType": "bool"}
OBJECT = {"bsonType": "object"}


def collection(name: str, **fields: dict[str, Any]) -> AddCollection:
    """With documents that have at least these fields."""
    schema = {"bsonType": "object", "required": sorted(fields), "properties": fields}
    return AddCollection(name=name, validator={"$jsonSchema": schema})


def index(of: str, name: str, *fields: str, unique: bool = False, partial: dict[str, Any] | None = None) -> AddIndex:
    """Ascending in each of the fields."""
    keys: tuple[tuple[str, Direction], ...] = tuple((field, 1) for field in fields)
    return AddIndex(collection=of, name=name, keys=keys, unique=unique, partial=partial)
