"""Sentences that nobody writes, made to keep a verifier busy."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from footnote.modules.generation.grounding import Claim, Evidence
from footnote.modules.generation.grounding.local import MOST_FACTS, MOST_WORDS, LocalVerifier, _readings
from footnote.modules.generation.grounding.windows import forget

MOST_CALLS = 1_200_000  # of functions; before there were bounds, 1,500 characters took up to 29 million


def calls_in(work: Callable[[], object]) -> int:
    """Starts from nothing that is remembered."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    forget()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def claim(text: str) -> Claim:
    """Its evidence has the same words, forwards and backwards."""
    backwards = " ".join(reversed(text.split()))
    return Claim(text=text, evidence=tuple(Evidence(text=f"{backwards} {text} {number}") for number in range(4)))


@pytest.mark.parametrize("part", ["moon ", "Mars ", "12 ", "Mars 12 moon the ", "not moon ", "月", "12% $13 ", "A B "])
@pytest.mark.parametrize("size", [700, 1500])
def test_what_a_sentence_takes_is_bounded_however_it_is_made(part: str, size: int) -> None:
    hostile = claim((part * size)[:size])
    assert calls_in(lambda: _readings(hostile)) < MOST_CALLS


@pytest.mark.parametrize("text", ["word " * (MOST_WORDS + 1), "Mars " * (MOST_FACTS + 1), "7, " * (MOST_FACTS + 1)])
async def test_a_sentence_without_end_is_not_supported(text: str) -> None:
    [support] = await LocalVerifier().judge([claim(text)])
    assert not support.is_supported


async def test_a_long_sentence_is_supported_by_itself() -> None:
    text = " ".join(
        f"the {word} of house {number}" for number, word in enumerate(["door", "roof", "lamp", "wall"] * 25)
    )
    [support] = await LocalVerifier().judge([Claim(text=text, evidence=(Evidence(text=text),))])
    assert support.is_supported
