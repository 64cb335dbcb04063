"""Sentences in a terminal, with the marks of their footnotes."""

import io

import pytest
from rich.console import Console

from footnote.config.commands.answering import Flow

MOONS, LARGER, NAME = "Mars has two moons.", "Phobos is the larger.", "It is named after fear."


def shown(*told: tuple[str, str], width: int = 80, ends: bool = True) -> str:
    console = Console(file=io.StringIO(), width=width)
    flow = Flow(console)
    for text, marks in told:
        flow.write(text, marks)
    if ends:
        flow.end()
    written = console.file
    assert isinstance(written, io.StringIO)
    return written.getvalue()


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ([(MOONS, "[1]"), (LARGER, "[1]"), (NAME, "[2]")], f"{MOONS} {LARGER} [1] {NAME} [2]\n"),
        ([(MOONS, "[1]"), (LARGER, ""), (NAME, "[1]")], f"{MOONS} [1] {LARGER} {NAME} [1]\n"),
        ([(MOONS, "[1]"), ("", ""), (LARGER, "[1]")], f"{MOONS} [1] {LARGER} [1]\n"),
        (
            [("| Year | 2025 |", "[1]"), ("| Sales | 3 |", "[1]"), (NAME, "[2]")],
            f"Year · 2025\nSales · 3 [1]\n{NAME} [2]\n",
        ),
    ],
)
def test_neighbours_that_share_their_footnotes_have_one_mark(told: list[tuple[str, str]], text: str) -> None:
    assert shown(*told) == text


def test_a_sentence_does_not_wait_for_its_mark() -> None:
    assert shown((MOONS, "[1]"), ends=False) == MOONS


def test_there_is_room_for_a_mark_beside_the_last_word() -> None:
    assert shown((MOONS, "[1]"), width=len(f"{MOONS} [1]") - 1) == "Mars has two\nmoons. [1]\n"
