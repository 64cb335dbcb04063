"""The collections of the chunk index in MongoDB. Their shard key is the tenant, with which every unique index begins.

Search indexes depend on what the server can do and on the embedding model: `search_indexes` has them.
"""

from typing import Any

from footnote.platform.storage.mongo_migrations import AddCollection, AddIndex, Direction, MongoMigration

TEXT = {"bsonType": "string"}
TEXT_OR_NULL = {"bsonType": ["string", "null"]}
NUMBER = {"bsonType": ["int", "long"]}
TRUTH = {"bsonType": "bool"}
TEXTS = {"bsonType": "array", "items": TEXT}
OBJECT = {"bsonType": "object"}


def _collection(name: str, **fields: dict[str, Any]) -> AddCollection:
    schema = {"bsonType": "object", "required": sorted(fields), "properties": fields}
    return AddCollection(name=name, validator={"$jsonSchema": schema})


def _index(collection: str, name: str, *fields: str, unique: bool = False, partial: Any = None) -> AddIndex:
    keys: tuple[tuple[str, Direction], ...] = tuple((field, 1) for field in fields)
    return AddIndex(collection=collection, name=name, keys=keys, unique=unique, partial=partial)


# What `$text` searches; dropped where there is `$search`. Parents have neither field.
WORDS = AddIndex(
    collection="chunk",
    name="chunk_words",
    keys=(("tenant", 1), ("header", "text"), ("text", "text")),
    weights={"header": 3, "text": 2},
    language="english",
    language_field="stemmer",
)

MIGRATIONS: tuple[MongoMigration, ...] = (
    MongoMigration(
        1,
        "chunk index",
        (
            # Its own id is never given twice: a search index that lags cannot take one chunk for another.
            _collection(
                "build",
                tenant=TEXT,
                document_id=TEXT,
                id=TEXT,
                version=NUMBER,
                embedding=TEXT,
                chunks=NUMBER,
                living=TRUTH,
                sequence=NUMBER,
            ),
            _index("build", "build_key", "tenant", "document_id", "id", unique=True, partial={"living": True}),
            _index("build", "build_aside", "tenant", "aside", partial={"aside": {"$exists": True}}),
            _index("build", "build_to_sweep", "aside", partial={"aside": {"$exists": True}}),
            _collection(
                "chunk",
                tenant=TEXT,
                document_id=TEXT,
                build=TEXT,
                chunk_id=TEXT,
                kind=TEXT,
                start=NUMBER,
                end=NUMBER,
                tokens=NUMBER,
                place=TEXT,
                embedding=TEXT,
                stemmer=TEXT,
                sequence=NUMBER,
            ),
            _index("chunk", "chunk_order", "tenant", "build", "start", "end", "kind"),
            WORDS,
            _collection(
                "publication",
                tenant=TEXT,
                document_id=TEXT,
                build=TEXT,
                version=NUMBER,
                fence=NUMBER,
                sequence=NUMBER,
                title=TEXT,
                stemmer=TEXT,
                owner=TEXT,
                readers=TEXTS,
                media_type=TEXT,
                language=TEXT_OR_NULL,
                created_at=NUMBER,
                metadata=OBJECT,
                times=OBJECT,
            ),
            _index("publication", "publication_key", "tenant", "document_id", unique=True),
            _index("publication", "publication_stemmer", "tenant", "stemmer"),
            _collection("index_change", tenant=TEXT, document_id=TEXT, kind=TEXT, sequence=NUMBER),
            _index("index_change", "index_change_key", "tenant", "document_id", unique=True),
            _index("index_change", "index_change_order", "sequence"),
        ),
    ),
    MongoMigration(
        2,
        "spaces of embeddings",
        (
            # `_id` is the name of the model. While another is filled, searches go on in the active one.
            _collection("embedding_space", dimension=NUMBER, state={"enum": ["active", "filling", "retired"]}),
            _index("embedding_space", "embedding_space_state", "state"),
        ),
    ),
)
