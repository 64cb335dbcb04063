"""Misspelt words, which the embedded store takes for the nearest that it has, and MongoDB does not."""

from support.shelf import EAST, Shelf

from footnote.modules.retrieval import Passage
from footnote.platform.principal import Principal

BOB = Principal(tenant="acme", subject="bob")


def texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]


async def test_a_word_that_nothing_has_is_taken_for_the_nearest_that_something_has(store: Shelf) -> None:
    await store.add("d1", "the aardvark", "an owl")
    assert texts(await store.words("ardvark")) == ["the aardvark"]


async def test_a_word_that_something_has_is_taken_for_no_other(store: Shelf) -> None:
    await store.add("d1", "the marten", "the martin")
    assert texts(await store.words("marten")) == ["the marten"]


async def test_no_word_comes_out_of_what_may_not_be_read(store: Shelf) -> None:
    await store.add("d1", "the aardvark", embeddings=[EAST])
    await store.add("d2", "an owl", readers=("user:bob",))
    assert await store.words("ardvark", BOB) == ()


async def test_letters_swapped_in_the_middle_of_a_word_are_put_right(store: Shelf) -> None:
    await store.add("d1", "a hosting", "the housing")
    assert "the housing" in texts(await store.words("hosuing"))


async def test_words_of_hindi_are_corrected(store: Shelf) -> None:
    await store.add("d1", "पुस्तकालय रविवार को बंद रहता है", language="hi")
    assert len(await store.words("पुस्तकालाय")) == 1
