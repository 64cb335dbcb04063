"""What one answer is worth, and what many are worth together."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from footnote.modules.evaluation.calibration import auroc, expected_calibration_error
from footnote.modules.evaluation.matching import contains_answer, cut_answer, exact_match, token_f1
from footnote.modules.evaluation.models import AnswerMetrics, Query
from footnote.modules.generation import Answer, Citation


class AnswerScore(msgspec.Struct, frozen=True, kw_only=True):
    """One answer against its question's gold; None where the question gives nothing to hold it against."""

    is_answerable: bool | None
    abstained: bool
    confidence: float
    is_recalled: bool | None
    is_exact: bool | None
    f1: float | None
    cites_evidence: tuple[bool, ...] | None  # one for each citation

    @property
    def is_right(self) -> bool | None:
        """An answer to a question that has none is wrong."""
        return False if self.is_answerable is False else self.is_recalled


def score_answer(query: Query, answer: Answer, doc_ids: Mapping[str, str], gold_doc_id: str | None) -> AnswerScore:
    """`doc_ids` names the dataset's document for each document id; `gold_doc_id` is where the evidence stands.

    An abstention gives no answer, whatever its text says.
    """
    text = "" if answer.abstained else answer.text
    ends = [sentence.end for sentence in answer.sentences if sentence.text]
    has_gold = query.is_answerable is True and bool(query.answers)
    return AnswerScore(
        is_answerable=query.is_answerable,
        abstained=answer.abstained,
        confidence=answer.confidence,
        is_recalled=contains_answer(cut_answer(text, ends), query.answers) if has_gold else None,
        is_exact=exact_match(text, query.answers) if has_gold else None,
        f1=token_f1(text, query.answers) if has_gold else None,
        cites_evidence=_cites_evidence(query, answer.citations, doc_ids, gold_doc_id),
    )


def summarise(scores: Sequence[AnswerScore]) -> AnswerMetrics:
    answerable = [score for score in scores if score.is_answerable is True]
    unanswerable = [score for score in scores if score.is_answerable is False]
    judged = [*answerable, *unanswerable]
    evidenced = [score.cites_evidence for score in scores if score.cites_evidence is not None]
    return AnswerMetrics(
        answer_recall=mean(score.is_recalled for score in scores),
        exact_match=mean(score.is_exact for score in scores),
        f1=mean(score.f1 for score in scores),
        abstention_auroc=auroc(_confidences(answerable), _confidences(unanswerable)),
        abstention_precision=mean(score.is_answerable is False for score in judged if score.abstained),
        abstention_recall=mean(score.abstained for score in unanswerable),
        citation_precision=mean(hit for hits in evidenced for hit in hits),
        citation_recall=mean(any(hits) for hits in evidenced),
        ece=expected_calibration_error([(s.confidence, s.is_right) for s in judged if s.is_right is not None]),
    )


def mean(values: Iterable[float | None]) -> float | None:
    """Mean of what is there; None of nothing."""
    counted = [value for value in values if value is not None]
    return sum(counted) / len(counted) if counted else None


def _confidences(scores: Iterable[AnswerScore]) -> list[float]:
    return [score.confidence for score in scores]


def _cites_evidence(
    query: Query, citations: Iterable[Citation], doc_ids: Mapping[str, str], gold_doc_id: str | None
) -> tuple[bool, ...] | None:
    if gold_doc_id is None or not query.evidence:
        return None
    return tuple(
        doc_ids.get(citation.document_id) == gold_doc_id
        and any(span.overlaps(citation.start, citation.end) for span in query.evidence)
        for citation in citations
    )
