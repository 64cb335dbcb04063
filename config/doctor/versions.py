"""What this installation is made of."""

import importlib
import sqlite3
import sys
from contextlib import closing
from importlib.metadata import version

from footnote.config.doctor.report import Finding

REINSTALL = "install the dependencies again: make setup"


def examine_versions() -> tuple[Finding, ...]:
    return (
        Finding("footnote", "ok", version("footnote")),
        Finding("python", "ok", sys.version.split()[0]),
        examine_sqlite(),
        examine_library("onnxruntime"),
        examine_library("pypdfium2"),
        examine_library("litestar"),
    )


def examine_sqlite() -> Finding:
    name = sqlite3.sqlite_version
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("CREATE VIRTUAL TABLE probe USING fts5 (text)")
    except sqlite3.OperationalError:
        return Finding("sqlite", "broken", f"{name} without FTS5", "use a Python whose SQLite has FTS5")
    return Finding("sqlite", "ok", f"{name} with FTS5")


def examine_library(name: str) -> Finding:
    """Imported, as a native library may be installed and yet not load."""
    try:
        importlib.import_module(name)
        return Finding(name, "ok", version(name))
    except ImportError as error:
        return Finding(name, "broken", str(error), REINSTALL)
