"""The tables of spending."""

from footnote.platform.storage.migrations import Migration

MIGRATIONS = (
    Migration(
        1,
        "spending",
        """
CREATE TABLE spending (
  tenant TEXT NOT NULL,
  day TEXT NOT NULL,
  person TEXT NOT NULL,
  model TEXT NOT NULL,
  calls INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  PRIMARY KEY (tenant, day, person, model)
) STRICT, WITHOUT ROWID;
CREATE TABLE spending_committed (
  tenant TEXT NOT NULL,
  day TEXT NOT NULL,
  person TEXT NOT NULL,
  cost INTEGER NOT NULL,
  PRIMARY KEY (tenant, day, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE spending_reservation (
  id TEXT PRIMARY KEY,
  day TEXT NOT NULL,
  cost INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spending_reservation_day ON spending_reservation (day);
""",
    ),
)
