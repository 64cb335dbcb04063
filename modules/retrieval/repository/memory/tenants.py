"""One tenant's part of the index at one moment, and who may read what of it."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from footnote.modules.retrieval.repository.document_ids import DocumentIds
from footnote.modules.retrieval.repository.memory.columns import Column
from footnote.modules.retrieval.repository.memory.segments import GONE, LANGUAGES, Segment
from footnote.modules.retrieval.repository.memory.sparse import Flags, Integers, Rows
from footnote.platform.principal import Principal

T = TypeVar("T")

UNREAD = 1_000  # documents of a column: if there are more it is read anew
KEPT = 64  # answers to who may read what, of each tenant

# What decides how a document's chunks are searched: where any of it changes, they are loaded again.
BUILD = 0  # its number; 0: not published
TITLE = 1  # a hash: the title is searched with every chunk
COMPARABLE = 2  # 1: embedded by the model that embeds the questions

Grant = tuple[str, tuple[str, ...]]  # owner, readers
NOBODY: Grant = ("", ())


class Grants:
    """To whom documents of one tenant are granted: grows only, and is shared by all moments."""

    def __init__(self, grants: Sequence[Grant] = (NOBODY,)) -> None:
        self._grants = [*grants]
        self._codes = {grant: code for code, grant in enumerate(self._grants)}
        self._allowed: dict[Hashable, Flags] = {}

    def code(self, grant: Grant) -> int:
        code = self._codes.setdefault(grant, len(self._grants))
        if code == len(self._grants):
            self._grants.append(grant)
        return code

    def first(self, count: int) -> list[Grant]:
        return self._grants[:count]

    def allowed(self, principal: Principal, count: int) -> Flags:
        """For the first `count` grants, whether each lets `principal` read."""
        key = (principal.subject, principal.readers)
        known = self._allowed.get(key, np.zeros(1, np.bool_))  # nobody reads what is granted to nobody
        if len(known) < count:
            more = [self._lets(principal, grant) for grant in self._grants[len(known) : count]]
            known = np.concatenate([known, more])
            keep(self._allowed, key, known)
        return known

    @staticmethod
    def _lets(principal: Principal, grant: Grant) -> bool:
        owner, readers = grant
        return principal.may_read(tenant=principal.tenant, owner=owner, readers=readers)


class Documents:
    """Codes of one tenant's documents: grows only, and is shared by all moments."""

    def __init__(self, ids: Sequence[str] = ("",)) -> None:
        self.ids = DocumentIds(ids)
        self.codes = {document_id: code for code, document_id in enumerate(self.ids)}

    def code(self, document_id: str) -> int:
        code = self.codes.setdefault(document_id, len(self.ids))
        if code == len(self.ids):
            self.ids.append(document_id)
        return code


class Admitted(NamedTuple):
    """The rows of one segment that may be found."""

    flags: Flags | None  # None: all
    chunks: int

    def few(self, times: int) -> Rows | None:
        """The rows, if there are `times` as many that may not be found; else None."""
        if self.flags is None or times * self.chunks > len(self.flags):
            return None
        return np.flatnonzero(self.flags).astype(np.int32)


@dataclass(frozen=True, kw_only=True, eq=False)
class Tenant:
    segments: tuple[Segment, ...]
    documents: Documents
    grants: Grants
    granted: Integers  # of each document, a code of `grants`
    shown: Integers  # [documents, 3]: `BUILD`, `TITLE`, `COMPARABLE`
    read: dict[Hashable, Column] = field(default_factory=dict)  # by field; what filters have looked at
    _admitted: dict[Hashable, tuple[Admitted, ...]] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> "Tenant":
        granted, shown = np.zeros(GONE + 1, np.int64), np.zeros((GONE + 1, 3), np.int64)
        return cls(segments=(), documents=Documents(), grants=Grants(), granted=granted, shown=shown)

    def columns(self) -> tuple[Integers, Integers]:
        """Copies of `granted` and `shown`, as long as there are documents now."""
        added = len(self.documents.ids) - len(self.granted)
        return (
            np.concatenate([self.granted, np.zeros(added, np.int64)]),
            np.concatenate([self.shown, np.zeros((added, 3), np.int64)]),
        )

    def after(
        self,
        segments: tuple[Segment, ...],
        granted: Integers | None = None,
        shown: Integers | None = None,
        changed: Iterable[int] = (),
    ) -> "Tenant":
        """`changed` are the codes of documents of which filters may say something else now."""
        codes = frozenset(changed)
        return Tenant(
            segments=segments,
            documents=self.documents,
            grants=self.grants,
            granted=self.granted if granted is None else granted,
            shown=self.shown if shown is None else shown,
            read={
                key: column.after(codes)
                for key, column in self.read.copy().items()
                if len(column.unread) + len(codes) <= UNREAD
            },
        )

    @cached_property
    def bounds(self) -> Integers:
        """Where each segment begins, and the last one ends, if rows are counted through all of them."""
        bounds: Integers = np.cumsum([0, *(segment.size for segment in self.segments)], dtype=np.int64)
        return bounds

    @cached_property
    def counts(self) -> Integers:
        """Chunks of each language, by code."""
        columns = [segment.counts for segment in self.segments]
        counts: Integers = np.vstack([np.zeros(LANGUAGES, np.int64), *columns]).sum(axis=0)
        return counts

    @cached_property
    def mean_lengths(self) -> NDArray[np.float64]:
        """Of the chunks of each language, in terms; float64."""
        words = np.vstack([np.zeros(LANGUAGES), *(segment.words for segment in self.segments)]).sum(axis=0)
        mean: NDArray[np.float64] = words / np.maximum(self.counts, 1)
        return mean

    def admitted(
        self, principal: Principal, filtered: Hashable | None, matching: Callable[[], Flags]
    ) -> tuple[Admitted, ...]:
        """What `principal` may read of each segment, and `filtered` admits where it is not None.

        `matching` tells of each document by its code whether it admits that; it is asked once a moment.
        """
        key = (principal.subject, principal.readers, filtered)
        found = self._admitted.get(key)
        if found is None:
            documents = self._readable(principal)
            if filtered is not None:
                documents &= matching()
            found = tuple(_admitted(segment, documents) for segment in self.segments)
            keep(self._admitted, key, found)
        return found

    def known(self, principal: Principal) -> tuple[Admitted, ...]:
        """What `principal` may read of each segment, if that was asked before; else nothing."""
        return self._admitted.get((principal.subject, principal.readers, None), ())

    def _readable(self, principal: Principal) -> Flags:
        allowed = self.grants.allowed(principal, int(self.granted.max()) + 1)
        readable: Flags = allowed[self.granted]
        return readable


def keep(cache: dict[Hashable, T], key: Hashable, value: T) -> None:
    """Beyond what is kept, all are forgotten: threads may race here, and lose no more than time."""
    if len(cache) >= KEPT:
        cache.clear()
    cache[key] = value


def _admitted(segment: Segment, documents: Flags) -> Admitted:
    flags = documents[segment.documents]
    count = int(np.count_nonzero(flags))
    return Admitted(None if count == segment.size else flags, count)
