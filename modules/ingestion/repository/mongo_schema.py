"""The collections of ingestion in MongoDB. Their shard key is the tenant, with which every unique index begins."""

from footnote.platform.storage.mongo_migrations import MongoMigration
from footnote.platform.storage.mongo_steps import NUMBER, TEXT, TEXT_OR_NULL, TEXTS, collection, index

STATUSES = ("queued", "extracting", "chunking", "embedding", "publishing", "ready", "failed", "cancelled")

MIGRATIONS: tuple[MongoMigration, ...] = (
    MongoMigration(
        1,
        "documents",
        (
            collection(
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
            index("document", "document_bytes", "tenant", "owner", "parent_id", "sha256", unique=True),
            index("document", "document_read", "tenant", "may_read", "_id"),
            index("document", "document_status", "tenant", "status", "_id", "size"),
            index("document", "document_parent", "tenant", "parent_id", "_id"),
            index(
                "document", "document_source", "tenant", "owner", "source", "_id", partial={"source": {"$exists": True}}
            ),
            collection(
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
            index("document_version", "version_number", "tenant", "document_id", "number", unique=True),
            collection("document_receipt", tenant=TEXT, sha256=TEXT, document_id=TEXT),
            index("document_receipt", "receipt_document", "tenant", "document_id"),
            collection(
                "document_event",
                tenant=TEXT,
                document_id=TEXT,
                may_read=TEXTS,
                document=TEXT_OR_NULL,
                at={"bsonType": "date"},
            ),
            index("document_event", "event_read", "tenant", "may_read", "_id"),
            index("document_event", "event_document", "tenant", "document_id", "_id"),
            index("document_event", "event_time", "at"),
            collection("document_tenant", turn=NUMBER),
        ),
    ),
)
