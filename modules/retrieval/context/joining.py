"""Makes one passage of those that overlap or touch in their document."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, takewhile

import msgspec

from footnote.modules.retrieval.context.models import LeftOut, left_out
from footnote.modules.retrieval.models import Passage

Count = Callable[[str], int]


def joined(passages: Sequence[Passage], *, count: Count, longest: int) -> tuple[list[Passage], list[LeftOut]]:
    """The passages in ranked order; one that was put together stands where its best part stood, under that one's id.

    Its text is still what stands in the document from `start` to `end`. Nothing is joined beyond `longest` tokens,
    except that a passage within another always goes into it.
    """
    places = {passage.id: place for place, passage in enumerate(passages)}
    whole: list[Passage] = []
    out: list[LeftOut] = []
    in_reading_order = sorted(passages, key=lambda each: (each.document_id, each.version, each.start, -each.end))
    for _, group in groupby(in_reading_order, key=lambda each: (each.document_id, each.version)):
        for run in _runs(group, count, longest):
            best = min(run, key=lambda each: places[each.id])
            whole.append(_one(run, best))
            out.extend(_account(each, best, run) for each in run if each is not best)
    return sorted(whole, key=lambda each: places[each.id]), out


def _runs(passages: Iterable[Passage], count: Count, longest: int) -> list[list[Passage]]:
    runs: list[list[Passage]] = []
    reach: list[Passage] = []  # of each run, what it comes to
    for passage in passages:
        if runs and _fits(reach[-1], passage, count, longest):
            runs[-1].append(passage)
            reach[-1] = _together(reach[-1], passage)
        else:
            runs.append([passage])
            reach.append(passage)
    return runs


def _fits(first: Passage, second: Passage, count: Count, longest: int) -> bool:
    overlap = first.end - second.start
    if overlap < 0 or second.text[:overlap] != first.text[second.start - first.start :][: len(second.text)]:
        return False
    return second.end <= first.end or count(_together(first, second).text) <= longest


def _together(first: Passage, second: Passage) -> Passage:
    """`second` begins within `first` or right after it."""
    text = first.text + second.text[max(0, first.end - second.start) :]
    return msgspec.structs.replace(first, text=text, end=max(first.end, second.end))


def _one(run: Sequence[Passage], best: Passage) -> Passage:
    if len(run) == 1:
        return best
    whole = run[0]
    for passage in run[1:]:
        whole = _together(whole, passage)
    seconds = [moment for each in run if each.seconds for moment in each.seconds]
    return msgspec.structs.replace(
        best,
        text=whole.text,
        start=whole.start,
        end=whole.end,
        pages=tuple(sorted({page for each in run for page in each.pages})),
        boxes=tuple(dict.fromkeys(box for each in run for box in each.boxes)),
        cells=tuple(dict.fromkeys(cells for each in run for cells in each.cells)),
        seconds=(min(seconds), max(seconds)) if seconds else None,
        heading_path=_above([each.heading_path for each in run]),
        context=run[0].context,
    )


def _account(passage: Passage, best: Passage, run: Sequence[Passage]) -> LeftOut:
    within = any(each is not passage and each.start <= passage.start and passage.end <= each.end for each in run)
    return left_out(passage, "contained" if within else "joined", best)


def _above(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The headings that stand above all of it."""
    levels = takewhile(lambda level: len(set(level)) == 1, zip(*paths, strict=False))
    return tuple(level[0] for level in levels)
