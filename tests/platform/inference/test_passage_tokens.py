"""What is remembered of passages."""

import asyncio

from footnote.platform.inference.extractive.passage_tokens import PassageTokens
from footnote.platform.inference.local import LocalEmbedder, LocalTokenizer


async def test_questions_at_once_do_not_take_passages_from_each_other(embedder: LocalEmbedder) -> None:
    tokens = PassageTokens(embedder, LocalTokenizer(), kept=1)
    texts = [["One.", "Two."], ["Two.", "Three."], ["Three.", "One."]]
    read = await asyncio.gather(*(tokens.of(each) for each in texts * 3))
    assert [len(each) for each in read] == [2] * 9


async def test_a_passage_that_is_forgotten_is_read_again(embedder: LocalEmbedder) -> None:
    tokens = PassageTokens(embedder, LocalTokenizer())
    [before] = await tokens.of(["Mars is red."])
    tokens.forget()
    assert (await tokens.of(["Mars is red."]))[0] is not before


async def test_a_passage_is_read_once(embedder: LocalEmbedder) -> None:
    tokens = PassageTokens(embedder, LocalTokenizer())
    assert (await tokens.of(["Mars is red."]))[0] is (await tokens.of(["Venus is not.", "Mars is red."]))[1]
