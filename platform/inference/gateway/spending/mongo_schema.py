"""The collections of spending in MongoDB."""

from footnote.platform.storage.mongo_migrations import MongoMigration
from footnote.platform.storage.mongo_steps import NUMBER, TEXT, collection, index

ACCOUNT = {"tenant": TEXT, "day": TEXT, "person": TEXT}

MIGRATIONS: tuple[MongoMigration, ...] = (
    MongoMigration(
        1,
        "spending",
        (
            collection(
                "spending",
                **ACCOUNT,
                model=TEXT,
                calls=NUMBER,
                input_tokens=NUMBER,
                output_tokens=NUMBER,
                cost=NUMBER,
                unpriced=NUMBER,
            ),
            index("spending", "spending_account", "tenant", "day", "person", "model", unique=True),
            # A row for each person, and one with the tenant's sum, which transactions that reserve all write.
            collection("spending_committed", **ACCOUNT, of=TEXT, cost=NUMBER),
            index("spending_committed", "spending_committed_account", "tenant", "day", "of", "person", unique=True),
            collection("spending_reservation", day=TEXT, cost=NUMBER),
            index("spending_reservation", "spending_reservation_day", "day"),
        ),
    ),
)
