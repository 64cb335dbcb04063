"""Thoughts that stand in tags at the beginning of a text, however the stream is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnote.platform.inference import ThoughtDelta
from footnote.platform.inference.calls.thinking import TaggedThoughts

CUTS = st.lists(st.integers(min_value=1, max_value=9), max_size=20)


def parted(text: str, cuts: list[int], *, is_thinking: bool = False) -> tuple[str, str]:
    """Thoughts and text."""
    parts, said = TaggedThoughts(is_thinking=is_thinking), []
    for size in cuts:
        said += list(parts.of(text[:size]))
        text = text[size:]
    said += [*parts.of(text), *parts.rest()]
    kinds = [(isinstance(part, ThoughtDelta), part.text) for part in said]
    return "".join(text for is_thought, text in kinds if is_thought), "".join(
        text for is_th, text in kinds if not is_th
    )


@given(cuts=CUTS)
def test_a_tag_at_the_beginning_holds_thoughts(cuts: list[int]) -> None:
    assert parted("<think>\nHm, <b>.</think>\n\nIt is.", cuts) == ("Hm, <b>.", "It is.")


@given(cuts=CUTS)
def test_a_tag_within_the_text_is_text(cuts: list[int]) -> None:
    text = "Write <think>so</think>."
    assert parted(text, cuts) == ("", text)


@given(cuts=CUTS)
def test_a_prompt_may_have_opened_the_tag(cuts: list[int]) -> None:
    assert parted("Hm</think>It is.", cuts, is_thinking=True) == ("Hm", "It is.")


@given(cuts=CUTS)
def test_thoughts_without_an_end_are_thoughts(cuts: list[int]) -> None:
    assert parted("<think>Hm </thi", cuts) == ("Hm </thi", "")


@pytest.mark.parametrize("text", ["", " ", "<", "<think", "a", "\n\n<b>"])
@given(cuts=CUTS)
def test_text_without_thoughts_stays_as_it_is(text: str, cuts: list[int]) -> None:
    assert parted(text, cuts) == ("", text)
