from collections.abc import Callable
from typing import Any

import pytest

from footnote.modules.evaluation.answer_scores import AnswerScore, score_answer, summarise
from footnote.modules.evaluation.models import Query, Span
from footnote.modules.generation import Answer, Citation

MakeAnswer = Callable[..., Answer]
MakeCitation = Callable[[str, int, int], Citation]

DOC_IDS = {"id-1": "gold", "id-2": "other"}


def query(**fields: Any) -> Query:
    return Query(query_id="1", text="?", **fields)


def score(asked: Query, given: Answer) -> AnswerScore:
    return score_answer(asked, given, DOC_IDS, "gold")


def scored(**fields: Any) -> AnswerScore:
    blank = {"is_answerable": None, "abstained": False, "confidence": 0.5, "is_recalled": None, "is_exact": None}
    return AnswerScore(**{**blank, "f1": None, "cites_evidence": None, **fields})


def test_an_answer_is_held_against_its_gold(make_answer: MakeAnswer) -> None:
    given = score(query(answers=("the square",)), make_answer("It is the square."))
    assert (given.is_recalled, given.is_exact, given.f1) == (True, False, 0.5)


def test_a_gold_answer_in_the_fourth_sentence_comes_too_late(make_answer: MakeAnswer) -> None:
    given = make_answer("One.", "Two.", "Three.", "Four.")
    assert score(query(answers=("three",)), given).is_recalled is True
    assert score(query(answers=("four",)), given).is_recalled is False


def test_a_withheld_sentence_is_not_counted(make_answer: MakeAnswer) -> None:
    given = make_answer("One.", "", "Two.", "Three.")
    assert score(query(answers=("three",)), given).is_recalled is True


def test_an_abstention_answers_nothing(make_answer: MakeAnswer) -> None:
    given = score(query(answers=("documents",)), make_answer())
    assert (given.abstained, given.is_recalled, given.f1) == (True, False, 0.0)


def test_gold_of_an_unanswerable_question_is_not_looked_for(make_answer: MakeAnswer) -> None:
    given = score(query(answers=("x",), answerable=False), make_answer("x"))
    assert (given.is_recalled, given.is_exact, given.f1, given.is_right) == (None, None, None, False)


def test_a_citation_counts_if_document_and_span_meet(make_answer: MakeAnswer, make_citation: MakeCitation) -> None:
    spans = (Span(start=10, end=20), Span(start=40, end=50))
    places = [("id-1", 0, 10), ("id-1", 19, 30), ("id-1", 45, 46), ("id-2", 10, 20), ("id-3", 10, 20)]
    given = make_answer("x", citations=tuple(make_citation(*place) for place in places))
    assert score(query(spans=spans), given).cites_evidence == (False, True, True, False, False)


def test_without_evidence_citations_do_not_count(make_answer: MakeAnswer, make_citation: MakeCitation) -> None:
    given = make_answer("x", citations=(make_citation("id-1", 0, 9),))
    assert score(query(), given).cites_evidence is None
    assert score_answer(query(evidence_span=Span(start=0, end=9)), given, DOC_IDS, None).cites_evidence is None


def test_shares_are_of_the_questions_that_have_gold() -> None:
    scores = [scored(is_recalled=True, is_exact=True, f1=1.0), scored(is_recalled=False, is_exact=False, f1=0.5)]
    metrics = summarise([*scores, scored()])
    assert (metrics.answer_recall, metrics.exact_match, metrics.f1) == (0.5, 0.5, 0.75)


def test_abstaining_is_right_on_unanswerable_questions() -> None:
    kinds = [(True, True), (False, True), (False, True), (False, False), (True, False), (None, True)]
    metrics = summarise([scored(is_answerable=answerable, abstained=abstained) for answerable, abstained in kinds])
    assert (metrics.abstention_precision, metrics.abstention_recall) == (2 / 3, 2 / 3)


def test_confidence_tells_answerable_questions_apart() -> None:
    kinds = [(True, 0.9), (True, 0.4), (False, 0.4), (False, 0.1), (None, 0.0)]
    metrics = summarise([scored(is_answerable=answerable, confidence=confidence) for answerable, confidence in kinds])
    assert metrics.abstention_auroc == 3.5 / 4


def test_citations_count_each_and_questions_once() -> None:
    metrics = summarise([scored(cites_evidence=hits) for hits in [(True, False, True), (False,), (), None]])
    assert (metrics.citation_precision, metrics.citation_recall) == (0.5, 1 / 3)


def test_an_answer_to_an_unanswerable_question_is_wrong() -> None:
    right = scored(is_answerable=True, is_recalled=True, confidence=0.8)
    wrong = scored(is_answerable=False, confidence=0.6)
    unjudged = scored(is_answerable=True, confidence=0.0)
    assert summarise([right, wrong, unjudged]).ece == pytest.approx((0.2 + 0.6) / 2)


def test_a_metric_with_nothing_to_count_is_none() -> None:
    metrics = summarise([scored()])
    assert {getattr(metrics, name) for name in metrics.__struct_fields__} == {None}
