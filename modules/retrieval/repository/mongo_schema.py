"""The collections of the chunk index in MongoDB. Their shard key is the tenant, with which every unique index begins.

Search indexes depend on what the server can do and on the embedding model: `search_indexes` has them.
"""

from footnote.platform.storage.mongo_migrations import AddIndex, DropIndex, MongoMigration
from footnote.platform.storage.mongo_steps import NUMBER, OBJECT, TEXT, TEXT_OR_NULL, TEXTS, TRUTH, collection, index

BYTES = {"bsonType": "binData"}

# What `$text` searched until its own analysis was left for ours.
_FORMER_WORDS = AddIndex(
    collection="chunk",
    name="chunk_words",
    keys=(("tenant", 1), ("header", "text"), ("text", "text")),
    weights={"header": 3, "text": 2},
    language="english",
    language_field="stemmer",
)
# What `$text` searches; dropped where there is `$search`. Parents have none of the fields.
WORDS = AddIndex(
    collection="chunk",
    name="chunk_codes",
    keys=(("tenant", 1), ("title_codes", "text"), ("under_codes", "text"), ("text_codes", "text")),
    weights={"title_codes": 3, "under_codes": 3, "text_codes": 2},
    language="none",
    language_field="no_language",  # which no chunk has: `language`, the default, holds what the server may not know
)

MIGRATIONS: tuple[MongoMigration, ...] = (
    MongoMigration(
        1,
        "chunk index",
        (
            # Its own id is never given twice: a search index that lags cannot take one chunk for another.
            collection(
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
            index("build", "build_key", "tenant", "document_id", "id", unique=True, partial={"living": True}),
            index("build", "build_aside", "tenant", "aside", partial={"aside": {"$exists": True}}),
            index("build", "build_to_sweep", "aside", partial={"aside": {"$exists": True}}),
            collection(
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
            index("chunk", "chunk_order", "tenant", "build", "start", "end", "kind"),
            _FORMER_WORDS,
            collection(
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
            index("publication", "publication_key", "tenant", "document_id", unique=True),
            index("publication", "publication_stemmer", "tenant", "stemmer"),
            collection("index_change", tenant=TEXT, document_id=TEXT, kind=TEXT, sequence=NUMBER),
            index("index_change", "index_change_key", "tenant", "document_id", unique=True),
            index("index_change", "index_change_order", "sequence"),
        ),
    ),
    MongoMigration(
        2,
        "spaces of embeddings",
        (
            # `_id` is the name of the model. While another is filled, searches go on in the active one.
            collection("embedding_space", dimension=NUMBER, state={"enum": ["active", "filling", "retired"]}),
            index("embedding_space", "embedding_space_state", "state"),
        ),
    ),
    MongoMigration(
        3,
        "terms of chunks",
        (
            DropIndex(collection="chunk", name=_FORMER_WORDS.name),
            DropIndex(collection="publication", name="publication_stemmer"),
            # As before, without the stemmers.
            collection(
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
                sequence=NUMBER,
            ),
            collection(
                "publication",
                tenant=TEXT,
                document_id=TEXT,
                build=TEXT,
                version=NUMBER,
                fence=NUMBER,
                sequence=NUMBER,
                title=TEXT,
                owner=TEXT,
                readers=TEXTS,
                media_type=TEXT,
                language=TEXT_OR_NULL,
                created_at=NUMBER,
                metadata=OBJECT,
                times=OBJECT,
            ),
            WORDS,
            index("publication", "publication_analysis", "tenant", "analysed_in"),
        ),
    ),
    MongoMigration(
        4,
        "embeddings of tokens",
        (
            # `_id` is the chunk's and the name of the model.
            collection("chunk_tokens", tenant=TEXT, document_id=TEXT, build=TEXT, space=TEXT, codes=BYTES),
            index("chunk_tokens", "chunk_tokens_build", "tenant", "build"),
            index("chunk_tokens", "chunk_tokens_space", "space"),
        ),
    ),
    MongoMigration(
        5,
        "chunks of each language",
        (
            # With all that is asked, so that no build is read.
            index("build", "build_analysis", "tenant", "living", "analysed_in", "chunks"),
        ),
    ),
)
