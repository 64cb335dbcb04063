"""The collections of generation in MongoDB."""

from footnote.platform.storage.mongo_migrations import AddCollection, AddIndex, MongoMigration
from footnote.platform.storage.mongo_steps import TEXT

ANSWER = {
    "tenant": TEXT,
    "owner": TEXT,
    "question": TEXT,
    "body": TEXT,
    "document_ids": {"bsonType": "array", "items": TEXT},
    "trace_id": TEXT,
    "created_at": TEXT,
}

MIGRATIONS: tuple[MongoMigration, ...] = (
    MongoMigration(
        1,
        "answers",
        (
            AddCollection(
                name="answer",
                validator={"$jsonSchema": {"bsonType": "object", "required": sorted(ANSWER), "properties": ANSWER}},
            ),
            AddIndex(collection="answer", name="answer_owner", keys=(("tenant", 1), ("owner", 1), ("_id", 1))),
            AddIndex(
                collection="answer", name="answer_document", keys=(("tenant", 1), ("document_ids", 1), ("_id", 1))
            ),
        ),
    ),
)
