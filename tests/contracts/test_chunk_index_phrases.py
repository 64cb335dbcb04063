"""Phrases in quotes, in every adapter of the chunk index."""

from support.shelf import Shelf

from footnote.modules.retrieval import Passage
from footnote.platform.principal import Principal

BOB = Principal(tenant="acme", subject="bob")


def texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]


async def test_a_phrase_in_quotes_is_found_as_it_stands(shelf: Shelf) -> None:
    await shelf.add("d1", "the red fox", "a fox that is red", "red, fox-like")
    assert texts(await shelf.words('where is "red fox"?')) == ["the red fox", "red, fox-like"]


async def test_a_phrase_may_stand_in_the_title(shelf: Shelf) -> None:
    await shelf.add("d1", "hen", title="Annual report")
    await shelf.add("d2", "the annual hen report")
    assert texts(await shelf.words('"annual report" hen')) == ["hen"]


async def test_a_part_of_a_code_in_quotes_finds_it(shelf: Shelf) -> None:
    await shelf.add("d1", "the part AB-1234/56", "AB of 1234")
    assert texts(await shelf.words('"AB-1234"')) == ["the part AB-1234/56"]


async def test_a_size_in_quotes_is_found_by_whichever_sign_it_is_written(shelf: Shelf) -> None:
    await shelf.add("d1", "thread M12×1.5", "M12x1.5 nuts", "M12 of 1.5 mm")
    assert set(texts(await shelf.words('"M12 x 1.5"'))) == {"thread M12×1.5", "M12x1.5 nuts"}


async def test_every_phrase_has_to_be_there(shelf: Shelf) -> None:
    await shelf.add("d1", "red fox and grey owl", "red fox", "grey owl")
    assert texts(await shelf.words('"red fox" "grey owl"')) == ["red fox and grey owl"]


async def test_a_phrase_of_a_script_without_spaces_is_found(shelf: Shelf) -> None:
    await shelf.add("d1", "東京都の人口", "京都の東", language="ja")
    assert texts(await shelf.words("「東京都」")) == ["東京都の人口"]


async def test_quotes_around_what_nothing_holds_do_not_count(shelf: Shelf) -> None:
    await shelf.add("d1", "a fox that is red")
    assert texts(await shelf.words('"red fox"')) == ["a fox that is red"]


async def test_what_holds_a_phrase_but_may_not_be_read_is_not_found(shelf: Shelf) -> None:
    await shelf.add("d1", "the red fox")
    await shelf.add("d2", "a fox that is red", readers=("user:bob",))
    assert texts(await shelf.words('"red fox"', BOB)) == ["a fox that is red"]


async def test_stop_words_are_found_where_there_is_nothing_else(shelf: Shelf) -> None:
    await shelf.add("d1", "to be or not to be")
    await shelf.add("d2", "a fox")
    assert texts(await shelf.words("to be")) == ["to be or not to be"]
