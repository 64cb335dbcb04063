"""The collections of generation in MongoDB."""

from footnote.platform.storage.mongo_migrations import AddCollection, AddIndex, MongoMigration
from footnote.platform.storage.mongo_steps import NUMBER, TEXT, TEXT_OR_NULL, TEXTS, collection, index

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
    MongoMigration(
        2,
        "conversations and memories",
        (
            collection(
                "conversation",
                tenant=TEXT,
                owner=TEXT,
                title=TEXT,
                titled_by=TEXT,
                active_id=TEXT_OR_NULL,
                turns=NUMBER,
                touched=TEXT,
                created_at=TEXT,
                updated_at=TEXT,
            ),
            index("conversation", "conversation_owner", "tenant", "owner", "touched", unique=True),
            collection("turn", tenant=TEXT, conversation_id=TEXT, parent_id=TEXT_OR_NULL),
            index("turn", "turn_conversation", "conversation_id", "_id"),
            collection(
                "summary", tenant=TEXT, conversation_id=TEXT, text=TEXT, written_by=TEXT, document_ids=TEXTS
            ),  # its id is that of the last turn that it is of
            index("summary", "summary_conversation", "conversation_id"),
            index("summary", "summary_document", "tenant", "document_ids"),
            collection("memory", tenant=TEXT, owner=TEXT, text=TEXT, created_at=TEXT, updated_at=TEXT),
            index("memory", "memory_owner", "tenant", "owner", "_id"),
        ),
    ),
    MongoMigration(
        3,
        "prompts",
        (
            collection("prompt", tenant=TEXT, prompt=TEXT, version=NUMBER, body=TEXT, created_at=TEXT),
            index("prompt", "prompt_version", "tenant", "prompt", "version", unique=True),
        ),
    ),
    MongoMigration(
        4,
        "feedback",
        (
            collection(
                "feedback",
                tenant=TEXT,
                owner=TEXT,
                answer_id=TEXT,
                rating={"bsonType": "double"},
                comment=TEXT,
                created_at=TEXT,
                updated_at=TEXT,
            ),
            index("feedback", "feedback_answer", "tenant", "answer_id", "owner", unique=True),
        ),
    ),
)
