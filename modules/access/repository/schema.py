"""The tables of access."""

from footnote.platform.storage.migrations import Migration

MIGRATIONS = (
    Migration(
        1,
        "provider keys",
        """
CREATE TABLE provider_key (
  tenant TEXT NOT NULL,
  provider TEXT NOT NULL,
  key_id TEXT NOT NULL,
  nonce BLOB NOT NULL,
  ciphertext BLOB NOT NULL,
  hint TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (tenant, provider)
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_key_key ON provider_key (key_id);
""",
    ),
)
