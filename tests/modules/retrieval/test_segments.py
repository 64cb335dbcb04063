"""Segments: what is due to be merged, and what becomes of rows that die meanwhile."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.modules.retrieval.repository.memory.dense import Vectors
from footnote.modules.retrieval.repository.memory.merging import (
    LARGEST,
    SMALL,
    Background,
    Exchange,
    Segments,
    compacted,
    due,
    exchanged,
)
from footnote.modules.retrieval.repository.memory.segments import Segment, one_of
from footnote.modules.retrieval.repository.memory.sparse import Entries, Postings

sizes = st.lists(st.integers(1, 40), min_size=1, max_size=6)


def segment(first: int, size: int) -> Segment:
    """Chunks numbered from `first`, each its own document of that code, and with a word of its own."""
    numbers = np.arange(first, first + size)
    rows = np.arange(size, dtype=np.int32)
    once = np.ones(size, np.uint8)
    embeddings = np.repeat(numbers.astype(np.float32)[:, None], 2, axis=1)
    return Segment(
        numbers=numbers,
        starts=numbers,
        read_as=numbers,
        documents=numbers.astype(np.int32),
        languages=np.zeros(size, np.uint8),
        lengths=once.astype(np.float32),
        postings=Postings.of(Entries(numbers.astype(np.uint64), rows, once, once)),
        vectors=Vectors.of(embeddings),
        floats=embeddings,
    )


def parted(lengths: list[int]) -> list[Segment]:
    ends = np.cumsum([1, *lengths]).tolist()
    return [segment(first, length) for first, length in zip(ends, lengths, strict=False)]


def gone(*codes: int) -> np.ndarray:
    return np.isin(np.arange(1 + max(codes, default=0) + 1000), codes)


def living(segments: Segments | list[Segment]) -> list[int]:
    """Codes of documents, each found by its number, its word and its embedding."""
    found = []
    for part in segments:
        for row in np.flatnonzero(part.documents).tolist():
            code = int(part.documents[row])
            [place] = part.postings.lists(np.array([code], np.uint64))
            assert part.postings.rows[place].tolist() == [row]
            assert isinstance(part.floats, np.ndarray)
            assert (part.numbers[row], part.floats[row, 0]) == (code, code)
            found.append(code)
    return sorted(found)


@given(sizes, st.sets(st.integers(1, 200)))
def test_one_of_several_has_the_living_rows_of_all(lengths: list[int], dying: set[int]) -> None:
    parts = [part.without(gone(*dying)) for part in parted(lengths)]
    whole = one_of(parts)
    assert living([whole]) == living(parts) == [code for code in range(1, sum(lengths) + 1) if code not in dying]
    assert whole.dead == 0


@given(sizes, st.sets(st.integers(1, 200)), st.sets(st.integers(1, 200)))
def test_what_dies_while_segments_are_merged_is_dead_in_the_whole(
    lengths: list[int], before: set[int], meanwhile: set[int]
) -> None:
    parts = [part.without(gone(*before)) for part in parted(lengths)]
    exchange = Exchange(parts, one_of(parts))
    now = tuple(part.without(gone(*meanwhile)) for part in parts)
    added = segment(1000, 3)
    assert living(exchanged((*now, added), exchange)) == [*living(now), 1000, 1001, 1002]


def test_a_part_that_is_no_longer_there_keeps_all_as_it_is() -> None:
    first, second = parted([3, 4])
    assert exchanged((first,), Exchange([first, second], one_of([first, second]))) == (first,)


def test_an_older_moment_does_not_change() -> None:
    [before] = parted([5])
    after = before.without(gone(2))
    assert (living([before]), living([after])) == ([1, 2, 3, 4, 5], [1, 3, 4, 5])


@given(st.lists(st.integers(1, SMALL), min_size=1, max_size=40))
def test_segments_stay_few(lengths: list[int]) -> None:
    segments = compacted(parted(lengths))
    while parts := due(segments):
        segments = exchanged(segments, Exchange(parts, one_of(parts)))
    assert living(segments) == list(range(1, sum(lengths) + 1))
    assert len(segments) <= 2 + np.log2(sum(lengths))


def test_no_segment_grows_beyond_the_largest() -> None:
    assert due([segment(1, LARGEST // 2 + 1), segment(LARGEST, LARGEST // 2 + 1)]) == []


def test_a_segment_with_many_dead_is_written_anew() -> None:
    [part] = parted([9])
    assert due([part.without(gone(1, 2))]) == []
    [dying] = due([part.without(gone(1, 2, 3))])
    assert dying.dead == 3


def test_work_that_fails_does_not_end_what_comes_later() -> None:
    done: list[int] = []

    def work() -> bool:
        done.append(1)
        if len(done) == 1:
            raise ValueError
        return False

    background = Background("test", work)
    for _ in range(2):
        background.wake()
        background.wait()
    assert len(done) == 2


@pytest.mark.parametrize("keys", [[], [7], [3, 3, 9]])
def test_lists_of_unknown_keys_are_empty(keys: list[int]) -> None:
    [part] = parted([2])
    assert [place.stop - place.start for place in part.postings.lists(np.array(keys, np.uint64))] == [0] * len(keys)
