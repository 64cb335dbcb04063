"""The kernel's collections in MongoDB."""

from footnote.platform.storage.mongo_migrations import AddCollection, AddIndex, MongoMigration

MIGRATIONS = (
    MongoMigration(
        1,
        "counters and blobs",
        (
            AddCollection(
                name="counter",
                validator={
                    "$jsonSchema": {
                        "bsonType": "object",
                        "required": ["value"],
                        "properties": {"value": {"bsonType": ["int", "long"], "minimum": 0}},
                    }
                },
            ),
            AddCollection(
                name="settlement",
                validator={
                    "$jsonSchema": {
                        "bsonType": "object",
                        "required": ["at"],
                        "properties": {"_id": {"bsonType": "string"}, "at": {"bsonType": "date"}},
                    }
                },
            ),
            AddIndex(collection="settlement", name="settlement_age", keys=(("at", 1),), seconds=3600),
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
    MongoMigration(
        2,
        "bytes of blobs",
        (
            AddIndex(collection="blob", name="blob_copy", keys=(("copy", 1),), partial={"copy": {"$gt": ""}}),
            AddCollection(name="copy.files", validator={"$jsonSchema": {"bsonType": "object", "required": ["length"]}}),
            AddCollection(
                name="copy.chunks",
                validator={"$jsonSchema": {"bsonType": "object", "required": ["files_id", "n", "data"]}},
            ),
            AddCollection(name="copy.begun", validator={"$jsonSchema": {"bsonType": "object"}}),
            # Those that the driver would make at the first file, were they not there.
            AddIndex(
                collection="copy.files", name="filename_1_uploadDate_1", keys=(("filename", 1), ("uploadDate", 1))
            ),
            AddIndex(collection="copy.chunks", name="files_id_1_n_1", keys=(("files_id", 1), ("n", 1)), unique=True),
        ),
    ),
)
