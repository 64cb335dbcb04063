"""The collections of access in MongoDB."""

from footnote.platform.storage.mongo_migrations import MongoMigration
from footnote.platform.storage.mongo_steps import TEXT, collection, index

BYTES = {"bsonType": "binData"}

MIGRATIONS: tuple[MongoMigration, ...] = (
    MongoMigration(
        1,
        "provider keys",
        (
            collection(
                "provider_key",
                tenant=TEXT,
                provider=TEXT,
                key_id=TEXT,
                nonce=BYTES,
                ciphertext=BYTES,
                hint=TEXT,
                created_by=TEXT,
                created_at=TEXT,
            ),
            index("provider_key", "provider_key_tenant", "tenant", "provider", unique=True),
            index("provider_key", "provider_key_key", "key_id"),
        ),
    ),
)
