"""What `footnote search` shows of a passage."""

import io

import pytest
from rich.console import Console
from rich.text import Text

from footnote.config.commands.asking import SHOWN, beginning
from footnote.config.commands.console import print_indented


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mars has two\nmoons.\n", "Mars has two moons."),
        (
            "Moons\n| Phobos | 22 km |\n| Deimos | 12 km |\nBoth are small.",
            "Moons\nPhobos · 22 km\nDeimos · 12 km\nBoth are small.",
        ),
        ("word " * SHOWN, "word " * (SHOWN // 5) + "…"),
        ("火星\n" + "月" * SHOWN, "火星 " + "月" * (SHOWN - 3) + " …"),
        ("Mars\x1b[2J", "Mars\ufffd[2J"),
    ],
)
def test_a_passage_flows_and_the_rows_of_its_tables_stand_alone(text: str, shown: str) -> None:
    assert beginning(text) == shown


def test_indented_lines_end_with_their_last_word() -> None:
    console = Console(file=io.StringIO(), width=12)
    print_indented(console, Text("Mars has two moons."), by=2)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == "  Mars has\n  two moons.\n"
