"""The collections of ingestion in MongoDB. Their shard key is the tenant, with which every unique index begins."""

from typing import Any

from footnote.platform.storage.mongo_migrations import AddCollection, AddIndex, Direction, MongoMigration

TEXT = {"bsonType": "string"}
NUMBER = {"bsonType": ["int", "long"]}
TEXTS = {"bsonType": "array", "items": TEXT}
TEXT_OR_NULL = {"bsonType": ["string", "null"]}
STATUSES = ("queued", "extracting", "chunking", "embedding", "publishing", "ready", "failed", "cancelled")


def _collection(name: str, **fields: dict[str, Any]) -> AddCollection:
    schema = {"bsonType": "object", "required": sorted(fields), "properties": fields}
    return AddCollection(name=name, validator={"$jsonSchema": schema})


def _index(
    collection: str,
    name: str,
    *fields: str,
    unique: bool = False,
    partial: dict[str, Any] | None = None,
) -> AddIndex:
    keys: tuple[tuple[str, Direction], ...] = tuple((field, 1) for field in fields)
    return AddIndex(collection=collection, name=name, keys=keys, unique=unique, partial=partial)


MIGRATIONS: tuple[MongoMigration, ...] = (
    MongoMigration(
        1,
        "documents",
        (
            _collection(
                "document",
                tenant=TEXT,
                owner=TEXT,
                title=TEXT,
                folded_title=TEXT,
                filename=TEXT,
                media_type=TEXT,
                size=NUMBER,
                sha256=TEXT,
                status={"enum": list(STATUSES)},
                progress=TEXT_OR_NULL,
                version=NUMBER,
                pages=NUMBER,
                chunks=NUMBER,
                language=TEXT_OR_NULL,
                readers=TEXTS,
                may_read=TEXTS,
                metadata=TEXT,
                error=TEXT_OR_NULL,
                warnings=TEXTS,
                created_at=TEXT,
                updated_at=TEXT,
                parent_id=TEXT_OR_NULL,
                depth=NUMBER,
                chunking=TEXT_OR_NULL,
                priority=NUMBER,
                revision=NUMBER,
                stale_through=NUMBER,
            ),
            # Documents that came in no other have null in it, which is a value like others.
            _index("document", "document_bytes", "tenant", "owner", "parent_id", "sha256", unique=True),
            _index("document", "document_read", "tenant", "may_read", "_id"),
            _index("document", "document_status", "tenant", "status", "_id", "size"),
            _index("document", "document_parent", "tenant", "parent_id", "_id"),
            _index(
                "document", "document_source", "tenant", "owner", "source", "_id", partial={"source": {"$exists": True}}
            ),
            _collection(
                "document_version",
                tenant=TEXT,
                document_id=TEXT,
                number=NUMBER,
                content=TEXT,
                extraction=TEXT,
                extractor=TEXT,
                media_type=TEXT,
                pages=NUMBER,
                characters=NUMBER,
                language=TEXT_OR_NULL,
                chunking=TEXT_OR_NULL,
            ),
            _index("document_version", "version_number", "tenant", "document_id", "number", unique=True),
            _collection("document_receipt", tenant=TEXT, sha256=TEXT, document_id=TEXT),
            _index("document_receipt", "receipt_document", "tenant", "document_id"),
            _collection(
                "document_event",
                tenant=TEXT,
                document_id=TEXT,
                may_read=TEXTS,
                document=TEXT_OR_NULL,
                at={"bsonType": "date"},
            ),
            _index("document_event", "event_read", "tenant", "may_read", "_id"),
            _index("document_event", "event_document", "tenant", "document_id", "_id"),
            _index("document_event", "event_time", "at"),
            _collection("document_tenant", turn=NUMBER),
        ),
    ),
)
