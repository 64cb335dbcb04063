"""What speaks for a sentence as an answer."""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

import msgspec

from footnote.platform.inference.extractive.candidates import Candidate
from footnote.platform.inference.extractive.expectation import agreement, expectation
from footnote.platform.inference.extractive.meeting import NONE, Meeting
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

SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
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
    form: float  # 1 for whole sentences; for a row the share of its words that the question has

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
        )


def lexical_features(
    question: str, found: Sequence[Candidate], settled: Collection[str] = frozenset()
) -> list[Features]:
    """Of each candidate in order, meetings left open. Terms of the question that are `settled` do not count."""
    asked = list(dict.fromkeys(term for term in terms(question) if term not in settled))
    own = [frozenset(terms(candidate.text)) for candidate in found]
    weights = _weights(asked, own)
    greatest = max((candidate.source.score for candidate in found), default=0.0)
    kind = expectation(question)
    return [
        Features(
            meeting=NONE,
            coverage=_coverage(weights, present | set(terms(candidate.context))),
            retrieval=candidate.source.score / greatest if greatest > 0 else 0.0,
            agreement=agreement(kind, candidate.text, asked),
            first=float(candidate.is_first),
            phrases=_phrases(question, candidate),
            conflict=float(_conflicts(question, candidate)),
            form=_form(candidate, present, asked),
        )
        for candidate, present in zip(found, own, strict=True)
    ]


def _weights(asked: Sequence[str], sentences: Sequence[Collection[str]]) -> dict[str, float]:
    """Inverse document frequency of each term of the question among the sentences, as BM25 has it."""
    counts = Counter(term for sentence in sentences for term in sentence)
    return {term: math.log(1 + (len(sentences) - counts[term] + 0.5) / (counts[term] + 0.5)) for term in asked}


def _form(candidate: Candidate, own: Collection[str], asked: Collection[str]) -> float:
    """What names another thing than the question, or is a headline, is rarely an answer."""
    if not candidate.is_row:
        return 1.0 if SENTENCE_END.search(candidate.text) else FRAGMENT
    words = [term for term in own if not term[0].isdigit()]
    return sum(term in asked for term in words) / len(words) if words else 0.0


def _phrases(question: str, candidate: Candidate) -> float:
    asked = set(pairwise(terms(question)))
    return len(asked & set(pairwise(terms(candidate.text)))) / len(asked) if asked else 0.0


def _conflicts(question: str, candidate: Candidate) -> bool:
    asked, stated = set(YEAR.findall(question)), set(YEAR.findall(candidate.text))
    return bool(asked and stated) and asked.isdisjoint(stated)


def _coverage(weights: dict[str, float], present: Collection[str]) -> float:
    """Share in [0, 1] of the weight of the terms that are present."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in present) / total if total else 0.0
