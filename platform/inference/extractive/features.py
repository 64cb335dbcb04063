"""What speaks for a sentence as an answer."""

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence, Set
from itertools import pairwise

import msgspec

from footnote.platform.inference.extractive.candidates import Candidate
from footnote.platform.inference.extractive.expectation import Expectation, agreement, expectation, states_amount
from footnote.platform.inference.extractive.meeting import NONE, Meeting
from footnote.platform.inference.extractive.rows import cells, spelled_out
from footnote.platform.inference.extractive.terms import terms

# Fitted by listwise softmax regression on half of QED, so that the sentences that prove the answer come first. Each is
# the worth of a whole feature in the score.
COVERAGE = 4.2
RETRIEVAL = 8.4
AGREEMENT = 1.1
FIRST = 0.4
LIKENESS = 4.1
LEAST = 3.6
KIND = 9.7
# By judgement on quarterly reports, whose sentences differ in a period and whose tables and headlines those sets lack;
# the share of answers found in those sets stays the same.
PHRASES = 2.0
CONFLICT = -3.0
FORM = 3.0
FRAGMENT = 0.3
ROW = 5.0
AMOUNT = 2.0

IMPLIED = frozenset({"total", "net"})  # in the name of an amount
YEAR = re.compile(r"\b(?:1\d{3}|20\d{2})\b")


class Features(msgspec.Struct, frozen=True, kw_only=True):
    """What speaks for a sentence, each in [0, 1]."""

    meeting: Meeting
    coverage: float  # weight of the question's terms that stand in it, in its title or in what stands before it
    retrieval: float  # score of its source as share of the greatest
    agreement: float
    first: float
    phrases: float  # share of the question's pairs of neighbouring terms that stand in it
    conflict: float  # it speaks of years, but of none that the question names
    form: float  # 1 for whole sentences; for a row the share of the words of its best cell that the question has
    row: float = 0.0  # how well a row, with what stands above it, fits the question; 0 for sentences
    amount: float = 0.0  # whether it states an amount, if one is asked for

    @property
    def score(self) -> float:
        met = self.meeting
        return LIKENESS * met.likeness + LEAST * met.least + KIND * met.kind + self.lexical_score

    @property
    def lexical_score(self) -> float:
        """All that is known without an embedding."""
        return (
            COVERAGE * self.coverage
            + RETRIEVAL * self.retrieval
            + AGREEMENT * self.agreement
            + FIRST * self.first
            + PHRASES * self.phrases
            + CONFLICT * self.conflict
            + FORM * self.form
            + ROW * self.row
            + AMOUNT * self.amount
        )


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The question beside what was found."""

    kind: Expectation
    weights: Mapping[str, float]  # of its terms
    of_sentences: Mapping[str, float]  # of those that must stand in a sentence
    of_rows: Mapping[str, float]  # or in or above a row
    pairs: Set[tuple[str, str]]  # of neighbouring terms
    years: Set[str]
    greatest: float  # score of a source


def lexical_features(
    question: str, found: Sequence[Candidate], settled: Collection[str] = frozenset()
) -> list[Features]:
    """Of each candidate in order, meetings left open.

    Terms of the question that are `settled` do not count, but between rows if some of them have it: what names a
    document here may name a row as well.
    """
    own = [frozenset(terms(spelled_out(candidate.text) if candidate.is_row else candidate.text)) for candidate in found]
    rows = [(candidate, present) for candidate, present in zip(found, own, strict=True) if candidate.is_row]
    untabled = frozenset(settled).difference(*(present.union(terms(row.above)) for row, present in rows))
    asked_for = terms(question)
    weights = _weights(list(dict.fromkeys(asked_for)), own)
    asked = _Asked(
        kind=expectation(question),
        weights=weights,
        of_sentences={term: weight for term, weight in weights.items() if term not in settled},
        of_rows={term: weight for term, weight in weights.items() if term not in untabled},
        pairs=set(pairwise(asked_for)),
        years=set(YEAR.findall(question)),
        greatest=max((candidate.source.score for candidate in found), default=0.0),
    )
    return [_features(asked, candidate, present) for candidate, present in zip(found, own, strict=True)]


def _features(asked: _Asked, candidate: Candidate, own: frozenset[str]) -> Features:
    weights = asked.of_rows if candidate.is_row else asked.of_sentences
    coverage = _coverage(weights, own | set(terms(candidate.context)))
    form = _form(candidate, asked.weights)
    return Features(
        meeting=NONE,
        coverage=coverage,
        retrieval=candidate.source.score / asked.greatest if asked.greatest > 0 else 0.0,
        agreement=agreement(asked.kind, candidate.text, weights),
        first=float(candidate.is_first),
        phrases=_phrases(asked.pairs, candidate),
        conflict=float(_conflicts(asked.years, candidate)),
        form=form,
        row=form * coverage if candidate.is_row else 0.0,
        amount=float(asked.kind == "amount" and states_amount(candidate.text)),
    )


def _weights(asked: Sequence[str], sentences: Sequence[Collection[str]]) -> dict[str, float]:
    """Inverse document frequency of each term of the question among the sentences, as BM25 has it."""
    counts = Counter(term for sentence in sentences for term in sentence)
    return {term: math.log(1 + (len(sentences) - counts[term] + 0.5) / (counts[term] + 0.5)) for term in asked}


def _form(candidate: Candidate, asked: Collection[str]) -> float:
    """What names another thing than the question, or is a headline, is rarely an answer."""
    if not candidate.is_row:
        return 1.0 if candidate.is_whole else FRAGMENT
    return max((_share(cell, asked) for cell in cells(candidate.text)), default=0.0)


def _share(cell: str, asked: Collection[str]) -> float:
    """Of the cell's words that the question has."""
    words = {term for term in terms(cell) if not term[0].isdigit()}
    needed = [term for term in words if term in asked or term not in IMPLIED]
    return sum(term in asked for term in needed) / len(needed) if needed else 0.0


def _phrases(asked: Set[tuple[str, str]], candidate: Candidate) -> float:
    question = candidate.source.text[slice(*candidate.under)] if candidate.under else ""
    present = {*pairwise(terms(candidate.text)), *pairwise(terms(question))}
    return len(asked & present) / len(asked) if asked else 0.0


def _conflicts(asked: Set[str], candidate: Candidate) -> bool:
    stated = set(YEAR.findall(f"{candidate.above} {candidate.text}"))
    return bool(asked and stated) and asked.isdisjoint(stated)


def _coverage(weights: Mapping[str, float], present: Collection[str]) -> float:
    """Share in [0, 1] of the weight of the terms that are present."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in present) / total if total else 0.0
