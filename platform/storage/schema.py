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
)
