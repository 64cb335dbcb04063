"""The data folder, the database, and what files are in."""

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from footnote.config.doctor.files import examine_bucket
from footnote.config.doctor.report import Finding
from footnote.config.settings import Settings
from footnote.config.sqlite_migrations import MIGRATIONS
from footnote.config.stores.vectors import FOLDER, LanceMissing
from footnote.platform.storage.migrations import APPLIED

BUSY_SECONDS = 2.0
KNOWN = {(name, each.number, each.sha256) for name, migrations in MIGRATIONS.items() for each in migrations}
HAS_LEDGER = "SELECT 1 FROM sqlite_schema WHERE name = 'migration'"


async def examine_stores(settings: Settings, home: Path) -> tuple[Finding, ...]:
    folder = await asyncio.to_thread(examine_home, home)
    return (folder, *await examine_documents(settings, home), *await examine_bucket(settings.blobs))


async def examine_documents(settings: Settings, home: Path) -> tuple[Finding, ...]:
    if settings.store.kind == "sqlite":
        return (await asyncio.to_thread(examine_database, home / "footnote.db"), *examine_vectors(settings, home))
    from footnote.config.doctor.mongo import examine_mongo

    return await examine_mongo(settings)


def examine_vectors(settings: Settings, home: Path) -> tuple[Finding, ...]:
    if settings.vectors == "memory":
        return ()
    if find_spec("lancedb") is None:
        return (Finding("vectors", "broken", LanceMissing.title, LanceMissing().detail),)
    return (Finding("vectors", "ok", f"LanceDB {version('lancedb')}, in {(home / FOLDER).resolve()}"),)


def examine_home(home: Path) -> Finding:
    place = nearest(home)
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        return Finding(
            "home", "broken", f"{home.resolve()} cannot be written to", "set FOOTNOTE_HOME to a folder of yours"
        )
    free = shutil.disk_usage(place).free / 10**9
    state = "writable" if home.exists() else "made at the first start"
    return Finding("home", "ok", f"{home.resolve()}, {state}, {free:.1f} GB free")


def nearest(path: Path) -> Path:
    """The path itself or the first above it that is there."""
    return next(place for place in (path.resolve(), *path.resolve().parents) if place.exists())


def examine_database(path: Path) -> Finding:
    if not path.exists():
        return Finding("database", "ok", f"{path.name}: made at the first start")
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
        ) as connection:
            return examine_schema(path, connection)
    except sqlite3.Error as error:
        return Finding("database", "broken", f"{path.name}: {error}", "put a backup in its place, or move it away")


def examine_schema(path: Path, connection: sqlite3.Connection) -> Finding:
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    has_ledger = connection.execute(HAS_LEDGER).fetchone()
    applied = (
        {(name, number, sha256) for name, number, _, sha256 in connection.execute(APPLIED)} if has_ledger else set()
    )
    facts = f"{path.name}, {path.stat().st_size / 10**6:.1f} MB, journal {journal}"
    if applied - KNOWN:
        return Finding("database", "broken", f"{facts}, schema of another version", "install that version")
    if missing := len(KNOWN - applied):
        detail = f"{facts}, {missing} migrations to apply"
        return Finding("database", "broken", detail, "make a backup, then run footnote migrate")
    return Finding("database", "ok", f"{facts}, schema up to date")
