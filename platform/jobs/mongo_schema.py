"""The collections of the job queue in MongoDB. Not sharded: a job is small, and gone a week after it is done.

Times are Unix microseconds, but for `finished_at`, by which the server deletes what is done or cancelled.
"""

from footnote.platform.storage.mongo_migrations import AddCollection, AddIndex, MongoMigration
from footnote.platform.storage.mongo_steps import NUMBER, TEXT

FINISHED = 7 * 24 * 3600  # seconds
COUNT = {"bsonType": ["int", "long"], "minimum": 0}

JOB = {
    "_id": TEXT,
    "kind": TEXT,
    "tenant": TEXT,
    "key": TEXT,
    "payload": TEXT,
    "priority": NUMBER,
    "status": {"enum": ["queued", "running", "done", "dead", "cancelled"]},
    "active": {"bsonType": "bool"},  # queued or running: an index can be partial to one value only
    "attempts": COUNT,
    "claims": COUNT,
    "max_attempts": NUMBER,
    "fence": COUNT,
    "cancel_requested": {"bsonType": "bool"},
    "due_at": NUMBER,
    "created_at": NUMBER,
    "updated_at": NUMBER,
}
LATER = {
    "worker": {"bsonType": ["string", "null"]},
    "lease_until": {"bsonType": ["int", "long", "null"]},
    "error": {"bsonType": ["string", "null"]},
    "finished_at": {"bsonType": "date"},
    "holds": COUNT,
}

MIGRATIONS = (
    MongoMigration(
        1,
        "jobs",
        (
            AddCollection(
                name="job",
                validator={
                    "$jsonSchema": {"bsonType": "object", "required": list(JOB), "properties": {**JOB, **LATER}}
                },
            ),
            AddIndex(
                collection="job", name="job_active_key", keys=(("key", 1),), unique=True, partial={"active": True}
            ),
            AddIndex(collection="job", name="job_key", keys=(("key", 1), ("active", 1))),
            # What is not due, or of another kind, is passed over without being read.
            AddIndex(
                collection="job",
                name="job_waiting",
                keys=(("status", 1), ("tenant", 1), ("priority", -1), ("_id", 1), ("due_at", 1), ("kind", 1)),
            ),
            AddIndex(collection="job", name="job_finished", keys=(("finished_at", 1),), seconds=FINISHED),
            AddCollection(
                name="job_pause", validator={"$jsonSchema": {"bsonType": "object", "properties": {"_id": TEXT}}}
            ),
        ),
    ),
)
