"""The kernel's collections in MongoDB."""

from footnote.platform.storage.mongo_migrations import AddCollection, AddIndex, MongoMigration

MIGRATIONS = (
    MongoMigration(
        1,
        "blobs",
        (
            AddCollection(
                name="blob",
                validator={
                    "$jsonSchema": {
                        "bsonType": "object",
                        "required": ["tenant", "sha256", "size", "users"],
                        "properties": {
                            "tenant": {"bsonType": "string"},
                            "sha256": {"bsonType": "string"},
                            "size": {"bsonType": ["int", "long"]},
                            "users": {"bsonType": ["int", "long"], "minimum": 0},
                        },
                    }
                },
            ),
            AddIndex(collection="blob", name="blob_key", keys=(("tenant", 1), ("sha256", 1)), unique=True),
            AddIndex(collection="blob", name="blob_users", keys=(("sha256", 1), ("users", 1))),
            AddIndex(collection="blob", name="blob_unused", keys=(("users", 1),), partial={"users": 0}),
        ),
    ),
)
