"""What of the found passages a model is offered."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.found import found

from footnote.modules.retrieval import Box, Context, ContextBuilder, Packing, Passage

TEXT = "".join(f"Sentence {number} speaks of number {number * number}. " for number in range(60))


def build(*passages: Passage, question: str = "?", **packing: Any) -> Context:
    return ContextBuilder(Packing(**packing)).build(question, passages)


def cut(start: int, end: int, **more: Any) -> Passage:
    return found(TEXT[start:end], start=start, **more)


def box(page: int) -> Box:
    return Box(page=page, x0=0, y0=0, x1=1, y1=1)


def test_a_passage_that_says_the_same_is_left_out_for_the_better_one() -> None:
    words = "The committee met on Tuesday in the town hall and spoke at length of the new bridge across the river"
    one, copy = found(words, document="a"), found(words + ".", document="b", score=0.5)
    context = build(one, copy, found("Of something else.", document="c"))
    assert [each.document_id for each in context.passages] == ["a", "c"]
    assert [(each.passage_id, each.reason, each.kept) for each in context.left_out] == [
        (copy.id, "near_duplicate", one.id)
    ]


def test_passages_that_differ_in_a_number_are_both_kept() -> None:
    words = "Revenue of the quarter was {} million dollars and rose by the usual amount over that of the year before"
    assert len(build(found(words.format(12), document="a"), found(words.format(13), document="b")).passages) == 2


def test_repeated_text_without_spaces_is_recognised() -> None:
    words = "東京は日本の首都であり世界でも有数の大都市である。人口は千四百万人に近い。"
    assert len(build(found(words, document="a"), found(words, document="b")).passages) == 1


def test_passages_that_overlap_become_one_under_the_name_of_the_best() -> None:
    late, early = (
        cut(300, 600, pages=(2,), boxes=(box(2),)),
        cut(0, 350, score=0.4, pages=(1, 2), boxes=(box(1), box(2))),
    )
    context = build(late, early)
    (whole,) = context.passages
    assert (whole.id, whole.score, whole.start, whole.end) == (late.id, 1.0, 0, 600)
    assert whole.text == TEXT[0:600]
    assert whole.pages == (1, 2)
    assert whole.boxes == (box(1), box(2))
    assert [(each.passage_id, each.reason, each.kept) for each in context.left_out] == [(early.id, "joined", late.id)]


def test_a_passage_within_another_goes_into_it() -> None:
    inner, outer = cut(100, 200), cut(0, 400, score=0.2)
    context = build(inner, outer, longest=1)
    assert [(each.id, each.text) for each in context.passages] == [(inner.id, TEXT[0:400])]
    assert build(outer, inner).left_out[0].reason == "contained"


def test_headings_above_all_of_a_joined_passage_stay() -> None:
    (whole,) = build(cut(0, 50, heading_path=("A", "B")), cut(40, 90, heading_path=("A", "C"))).passages
    assert whole.heading_path == ("A",)


def test_passages_of_other_versions_or_documents_or_with_a_gap_stay_apart() -> None:
    parts = [cut(0, 100), cut(50, 150, version=2, id="v2"), cut(50, 150, document="e"), cut(101, 200)]
    assert len(build(*parts, near_duplicate=None).passages) == 4


def test_what_is_not_the_same_text_where_it_overlaps_is_not_joined() -> None:
    assert len(build(cut(0, 100), found("x" * 100, start=50)).passages) == 2


def test_nothing_is_joined_beyond_the_longest() -> None:
    assert len(build(cut(0, 400), cut(350, 800), longest=150).passages) == 2


def test_a_budget_leaves_out_what_does_not_fit_and_says_so() -> None:
    context = build(cut(0, 400), cut(500, 900, score=0.9), cut(1000, 1040, score=0.8), budget=120)
    assert [each.start for each in context.passages] == [0, 1000]
    assert context.tokens <= 120
    assert [(each.start, each.reason) for each in context.left_out] == [(500, "budget")]


def test_the_best_passage_is_offered_however_long_it_is() -> None:
    assert len(build(cut(0, 900), budget=1).passages) == 1


def test_both_sides_of_a_comparison_are_offered_under_a_budget() -> None:
    of_one = [found(f"Apple earned {number} in year {number}.", start=100 * number) for number in range(5)]
    other = found("Intel earned 9 in a year.", document="i", score=0.1)
    context = build(*of_one, other, question="Is Apple larger than Intel?", budget=20)
    assert {each.document_id for each in context.passages} == {"d", "i"}


def test_under_a_budget_something_new_is_preferred_to_more_of_the_same() -> None:
    words = "the bridge across the river was opened in the spring by the mayor of the town"
    same, new = (
        found(f"Again {words}", document="b", score=0.9),
        found("Its toll is two coins a cart.", document="c", score=0.8),
    )
    context = build(found(words, document="a"), same, new, budget=35, near_duplicate=None, diversity=0.5)
    assert [each.document_id for each in context.passages] == ["a", "c"]


def test_the_best_stand_at_the_ends_of_the_prompt() -> None:
    parts = [cut(100 * number, 100 * number + 50) for number in range(5)]
    assert build(*parts).order == (0, 2, 4, 3, 1)
    assert build(*parts, best_at_ends=False).order == (0, 1, 2, 3, 4)


def test_nothing_found_is_an_empty_context() -> None:
    assert build(budget=10) == Context(passages=(), order=(), left_out=(), tokens=0)


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 400)), min_size=1, max_size=12, unique=True),
    st.sampled_from([None, 50, 300]),
    st.integers(1, 400),
)
def test_every_passage_is_what_stands_in_the_document_and_none_is_lost(
    spans: list[tuple[int, int]], budget: int | None, longest: int
) -> None:
    parts = [cut(start, start + size, score=1 / place) for place, (start, size) in enumerate(spans, start=1)]
    context = build(*parts, budget=budget, longest=longest)
    assert all(each.text == TEXT[each.start : each.end] for each in context.passages)
    named = {each.id for each in context.passages} | {each.passage_id for each in context.left_out}
    assert named == {each.id for each in parts}
    assert sorted(context.order) == list(range(len(context.passages)))
    assert all(
        any(whole.id == gone.kept and whole.start <= gone.start and gone.end <= whole.end for whole in context.passages)
        for gone in context.left_out
        if budget is None and gone.reason in ("joined", "contained")
    )
