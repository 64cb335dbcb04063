"""Proof that no request reads whole collections: what the driver sent is held against the indexes we declare."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import msgspec
from pymongo import monitoring
from pymongo.errors import OperationFailure
from support.index_rules import Indexes, Query, queries

from footnote.config.migrations import MONGO_MIGRATIONS
from footnote.platform.storage.mongo import MongoDatabase

# Collection and fields of the filter, and why no index is needed.
READ_WHOLE: dict[tuple[str, tuple[str, ...]], str] = {
    ("migration", ()): "a few dozen, read at start",
    ("copy.files", ()): "the driver looks whether there is any, before the first file of a process",
    ("copy.chunks", ()): "as above",
    ("blob", ("users",)): "what is used is compared with what is there, by the sweep of orphans once an hour",
}
OF_A_SESSION = {"lsid", "txnNumber", "startTransaction", "autocommit", "readConcern", "writeConcern", "maxTimeMS"}
UNKNOWN_COMMAND = 59

_is_checked: ContextVar[bool] = ContextVar("is_checked", default=True)


class Recorder(monitoring.CommandListener):
    """Of all databases: clients that were opened after its registration tell it what they send."""

    def __init__(self) -> None:
        self.commands: dict[str, list[Mapping[str, Any]]] = {}

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if _is_checked.get() and (commands := self.commands.get(event.database_name)) is not None:
            commands.append(dict(event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


RECORDER = Recorder()
monitoring.register(RECORDER)


@contextmanager
def unchecked() -> Iterator[None]:
    """For what a test looks at on its own account."""
    token = _is_checked.set(False)
    try:
        yield
    finally:
        _is_checked.reset(token)


@contextmanager
def recorded(database: str) -> Iterator[list[Mapping[str, Any]]]:
    """The commands that are sent to that database while the block runs."""
    commands = RECORDER.commands[database] = []
    try:
        yield commands
    finally:
        del RECORDER.commands[database]


def unserved(commands: list[Mapping[str, Any]]) -> list[str]:
    """Those queries that no declared index serves, each once."""
    indexes = Indexes(MONGO_MIGRATIONS)
    asked = {(query.shape, *query.sort): query for command in commands for query in queries(command)}
    return [_told(query) for query in asked.values() if query.shape not in READ_WHOLE and not indexes.serve(query)]


async def scanned(database: MongoDatabase, commands: list[Mapping[str, Any]]) -> list[str]:
    """Those commands for which the server, if it is of those that explain, would read a whole collection."""
    told = []
    for command in _one_of_each(commands):
        try:
            explained = await database.database.command("explain", command, verbosity="queryPlanner")
        except OperationFailure as error:
            if error.code == UNKNOWN_COMMAND:
                return []  # DocumentDB behind its bridge
            raise
        if any(plan.get("stage") == "COLLSCAN" for plan in _plans(explained)):
            told.append(f"the server scans for {command}")
    return told


def _one_of_each(commands: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Commands that look for something, as they can be explained: without what belongs to their session."""
    found = {}
    for command in commands:
        shapes = [query.shape for query in queries(command)]
        if shapes and not all(shape in READ_WHOLE for shape in shapes):
            asked = {name: part for name, part in command.items() if name not in OF_A_SESSION and name[0] != "$"}
            found[next(iter(command)), *shapes] = asked
    return list(found.values())


def _plans(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every stage of every winning plan, however deep."""
    if isinstance(value, Mapping):
        yield value
        for name, part in value.items():
            if name != "rejectedPlans":
                yield from _plans(part)
    elif isinstance(value, list):
        for part in value:
            yield from _plans(part)


def _told(query: Query) -> str:
    return f"no index of {query.collection} serves {msgspec.json.encode(query, enc_hook=repr).decode()}"
