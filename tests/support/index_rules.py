"""Whether a query is served by an index that a migration declares. No server is asked: it holds for all."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from footnote.platform.storage.mongo_migrations import AddCollection, AddIndex, DropIndex, MongoSlices

RANGES = {"$gt", "$gte", "$lt", "$lte"}
POINTS = {"$eq", "$in", "$all"}
SEARCHES = {"$search", "$searchMeta", "$vectorSearch", "$rankFusion", "$scoreFusion", "$listSearchIndexes"}

Where = Mapping[str, Any]


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of one collection, of whatever command it was part of."""

    collection: str
    where: dict[str, Any]
    sort: dict[str, Any] = {}
    limit: int = 0

    @property
    def shape(self) -> tuple[str, tuple[str, ...]]:
        """The collection and the fields, without the values."""
        return self.collection, tuple(sorted({field for branch in alternatives(self.where) for field in branch}))


class Indexes:
    """Of all collections that `slices` declare."""

    def __init__(self, slices: MongoSlices) -> None:
        self._indexes: dict[str, dict[str, AddIndex]] = {}
        for step in (step for migrations in slices.values() for migration in migrations for step in migration.steps):
            match step:
                case AddCollection():
                    self._indexes.setdefault(step.name, {})
                case AddIndex():
                    self._indexes.setdefault(step.collection, {})[step.name] = step
                case DropIndex():
                    self._indexes[step.collection].pop(step.name, None)

    def serve(self, query: Query) -> bool:
        """Whether it reads little more than it gives; all of a tenant's documents are not little."""
        indexes = self._indexes.get(query.collection)
        if indexes is None:
            return False
        own = AddIndex(collection=query.collection, name="_id_", keys=(("_id", 1),))
        return all(
            any(_serves(index, branch, query) for index in (own, *indexes.values()))
            for branch in alternatives(query.where)
        )


def alternatives(where: Where) -> Iterator[dict[str, list[Any]]]:
    """The conditions of each field, once for every branch of its `$or`s."""
    plain: dict[str, list[Any]] = {}
    choices: list[Sequence[Where]] = []
    for field, condition in _flat(where):
        if field == "$or":
            choices.append(condition)
        elif field == "$text" or not field.startswith("$"):
            plain.setdefault(field, []).append(condition)
    if not choices:
        yield plain
        return
    rest = [{field: condition} for field, conditions in plain.items() for condition in conditions]
    others = [{"$or": choice} for choice in choices[1:]]
    for branch in choices[0]:
        yield from alternatives({"$and": [*rest, *others, branch]})


def _flat(where: Where) -> Iterator[tuple[str, Any]]:
    for field, condition in where.items():
        if field == "$and":
            for part in condition:
                yield from _flat(part)
        else:
            yield field, condition


def _serves(index: AddIndex, conditions: Mapping[str, list[Any]], query: Query) -> bool:
    if index.partial is not None and not _implied(index.partial, conditions):
        return False
    keys = ["$text" if direction == "text" else field for field, direction in index.keys]
    prefix = 0
    while prefix < len(keys) and _is_point(keys[prefix], conditions):
        prefix += 1
    is_ranged = prefix < len(keys) and any(_is_range(condition) for condition in conditions.get(keys[prefix], []))
    if _follows(query.sort, keys, prefix) and (prefix or query.limit):
        return True
    if keys[:prefix] == ["tenant"] and not is_ranged:
        return not any(_is_point(field, conditions) for field in conditions if field != "tenant")
    return bool(prefix) or is_ranged


def _follows(sort: Where, keys: list[str], prefix: int) -> bool:
    wanted = [field for field in sort if field not in keys[:prefix]]
    return bool(sort) and keys[prefix : prefix + len(wanted)] == wanted


def _implied(partial: Where, conditions: Mapping[str, list[Any]]) -> bool:
    return all(
        any(_implies(condition, wanted) for condition in conditions.get(field, [])) for field, wanted in partial.items()
    )


def _implies(condition: Any, wanted: Any) -> bool:
    if condition == wanted:
        return True
    if not isinstance(wanted, Mapping):
        return isinstance(condition, Mapping) and condition.get("$eq", ...) == wanted
    if wanted == {"$exists": True}:
        return condition is not None
    return isinstance(condition, Mapping) and wanted.items() <= condition.items()


def _is_point(field: str, conditions: Mapping[str, list[Any]]) -> bool:
    return any(
        not (isinstance(condition, Mapping) and any(name.startswith("$") for name in condition))
        or bool(POINTS & condition.keys())
        or field == "$text"
        for condition in conditions.get(field, [])
    )


def _is_range(condition: Any) -> bool:
    return isinstance(condition, Mapping) and bool(RANGES & condition.keys())


def queries(command: Mapping[str, Any]) -> Iterator[Query]:
    """Everything that a command of the driver looks for."""
    name, collection = next(iter(command.items()))
    match name:
        case "find":
            sort = dict(command.get("sort", {}))
            yield Query(collection=collection, where=command["filter"], sort=sort, limit=command.get("limit", 0))
        case "aggregate":
            yield from _of_pipeline(collection, command["pipeline"])
        case "update" | "delete":
            for part in command["updates" if name == "update" else "deletes"]:
                yield Query(collection=collection, where=part["q"])
        case "findAndModify":
            yield Query(collection=collection, where=command["query"], sort=dict(command.get("sort") or {}), limit=1)
        case "count" | "distinct":
            yield Query(collection=collection, where=command.get("query", {}))


def _of_pipeline(collection: str, pipeline: Sequence[Where], within: Where | None = None) -> Iterator[Query]:
    first = pipeline[0] if pipeline else {}
    if not SEARCHES & first.keys():
        where = {"$and": [within or {}, first.get("$match", {})]}
        second = pipeline[1] if len(pipeline) > 1 else {}
        limit = pipeline[2].get("$limit", 0) if len(pipeline) > 2 else 0
        yield Query(collection=collection, where=where, sort=dict(second.get("$sort", {})), limit=limit)
    for stage in pipeline:
        yield from _of_stage(collection, stage)


def _of_stage(collection: str, stage: Where) -> Iterator[Query]:
    (name, value), *_ = stage.items()
    match name:
        case "$lookup":
            joined = {value["foreignField"]: {"$eq": "each"}} if "foreignField" in value else {}
            yield from _of_pipeline(value["from"], value.get("pipeline", []), joined)
        case "$unionWith":
            other: dict[str, Any] = {"coll": value} if isinstance(value, str) else value
            yield from _of_pipeline(other["coll"], other.get("pipeline", []))
        case "$graphLookup":
            yield Query(collection=value["from"], where={value["connectToField"]: {"$eq": "each"}})
        case "$facet":
            for pipeline in value.values():
                for inner in pipeline:
                    yield from _of_stage(collection, inner)
