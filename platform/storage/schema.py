"""The kernel's tables."""

from footnote.platform.storage.migrations import Migration

MIGRATIONS = (
    Migration(
        1,
        "blobs",
        """
CREATE TABLE blob (
  tenant TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  users INTEGER NOT NULL CHECK (users >= 0),
  PRIMARY KEY (tenant, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX blob_unused ON blob (users) WHERE users = 0;
""",
    ),
    Migration(
        2,
        "copies of blobs",
        """
ALTER TABLE blob ADD COLUMN copy TEXT NOT NULL DEFAULT '';  -- where the bytes are, unless in a folder
CREATE INDEX blob_copy ON blob (copy) WHERE copy <> '';
""",
    ),
)
