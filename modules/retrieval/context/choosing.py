"""Chooses what goes into a budget of tokens."""

from collections.abc import Sequence

from footnote.modules.retrieval.context.joining import Count
from footnote.modules.retrieval.context.likeness import WORD, Shingles, resemblance, shingles
from footnote.modules.retrieval.context.models import LeftOut, left_out
from footnote.modules.retrieval.models import Passage


def chosen(
    passages: Sequence[Passage], *, subjects: Sequence[str], budget: int, diversity: float, count: Count
) -> tuple[list[Passage], list[LeftOut]]:
    """Those that fit, in ranked order: first the best of each subject, then what is good and unlike what is in.

    The first is taken even if it alone is too long: no passage at all would be worse.
    """
    room = budget
    taken: list[Passage] = []
    for passage in _preferred(passages, subjects, diversity):
        if (tokens := count(passage.text)) <= room or not taken:
            taken.append(passage)
            room -= tokens
    names = {passage.id for passage in taken}
    out = [left_out(passage, "budget") for passage in passages if passage.id not in names]
    return [passage for passage in passages if passage.id in names], out


def _preferred(passages: Sequence[Passage], subjects: Sequence[str], diversity: float) -> list[Passage]:
    """Maximal marginal relevance, after the best of each subject.

    Source: Carbonell and Goldstein, The Use of MMR, 1998.
    """
    first = [next((each for each in passages if _speaks_of(each, subject)), None) for subject in subjects]
    order = list(dict.fromkeys(passages.index(each) for each in first if each))
    pieces = [shingles(passage.text) for passage in passages]
    greatest = max((passage.score for passage in passages), default=0.0) or 1.0
    alike = [
        max((resemblance(pieces[place], pieces[other]) for other in order), default=0.0)
        for place in range(len(passages))
    ]
    left = [place for place in range(len(passages)) if place not in order]
    while left:
        best = max(
            left, key=lambda place: (1 - diversity) * passages[place].score / greatest - diversity * alike[place]
        )
        left.remove(best)
        order.append(best)
        _note(alike, left, pieces, best)
    return [passages[place] for place in order]


def _note(alike: list[float], left: Sequence[int], pieces: Sequence[Shingles], taken: int) -> None:
    for place in left:
        alike[place] = max(alike[place], resemblance(pieces[place], pieces[taken]))


def _speaks_of(passage: Passage, subject: str) -> bool:
    words = set(WORD.findall(f"{passage.title} {' '.join(passage.heading_path)} {passage.text}".casefold()))
    return words.issuperset(WORD.findall(subject.casefold()))
