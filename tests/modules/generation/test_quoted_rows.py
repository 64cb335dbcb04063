"""Rows of tables as answers show them."""

from typing import Any

from footnote.modules.generation.composing import Composer

HEAD, PHONES, LAPTOPS = "| Sales | 2022 |", "| Phones | 40 |", "| Laptops | 7 |"
TABLE = f"{HEAD}\n{PHONES}"


async def test_a_row_that_is_quoted_stands_under_its_heads(make_desk: Any) -> None:
    answer = await make_desk(f"{PHONES} [1]\n", sales=TABLE).answer()
    assert answer.text == f"{HEAD}\n{PHONES}"
    assert [answer.citations[sentence.citations[0]].quote for sentence in answer.sentences] == [HEAD, "Phones | 40"]


async def test_heads_are_told_beside_the_sentences_that_were_asked_for(make_desk: Any) -> None:
    answer = await make_desk(f"{PHONES} [1]\nMore. [1]\n", sales=TABLE).answer(max_sentences=1)
    assert [sentence.text for sentence in answer.sentences] == [HEAD, PHONES]


async def test_a_model_that_writes_heads_its_own_tables(make_desk: Any) -> None:
    answer = await make_desk(f"{PHONES} [1]\n", quotes=False, sales=TABLE).answer()
    assert [sentence.text for sentence in answer.sentences] == [PHONES]


def test_a_row_begins_a_line_and_so_does_what_follows_it() -> None:
    composer = Composer()
    for text in ("They sold much.", PHONES, LAPTOPS, "", "That is all."):
        composer.add(text, "supported")
    assert composer.text == f"They sold much.\n{PHONES}\n{LAPTOPS}\nThat is all."
