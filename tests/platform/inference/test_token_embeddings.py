"""The embeddings of tokens come with that of the text, from the same run of the model."""

import numpy as np
import pytest

from footnote.platform.inference import TokenEmbedder
from footnote.platform.inference.local import LocalEmbedder
from footnote.platform.inference.local.rotation import rotation

SENTENCE = "The bank raised its interest rates."


def test_the_local_model_embeds_tokens(embedder: LocalEmbedder) -> None:
    assert isinstance(embedder, TokenEmbedder)


async def test_the_embedding_beside_the_tokens_is_the_plain_one(embedder: LocalEmbedder) -> None:
    texts = [SENTENCE, "", "Who pays?"]
    beside = await embedder.embed_tokens(texts, kind="document")
    assert np.array_equal([each.embedding for each in beside], await embedder.embed(texts, kind="query"))


async def test_each_token_of_a_text_is_embedded(embedder: LocalEmbedder) -> None:
    [sentence, empty] = await embedder.embed_tokens([SENTENCE, ""], kind="document")
    assert sentence.tokens.shape == (7, 256)
    assert empty.tokens.shape == (0, 256)


async def test_what_the_vocabulary_lacks_has_no_embedding(embedder: LocalEmbedder) -> None:
    [unknown] = await embedder.embed_tokens(["\U0001f43c bank"], kind="query")
    assert len(unknown.tokens) == 1


async def test_the_same_text_gives_the_same_bits_again(embedder: LocalEmbedder) -> None:
    [[first], [second]] = [await embedder.embed_tokens([SENTENCE], kind="document") for _ in range(2)]
    assert np.array_equal(first.tokens, second.tokens)


async def test_a_word_is_nearest_to_itself_in_the_same_sense(embedder: LocalEmbedder) -> None:
    texts = ["a bank", "The bank lends money.", "They fished from the bank of the river."]
    money, lending, fishing = [each.tokens for each in await embedder.embed_tokens(texts, kind="document")]
    assert cosine(lending[1], money[1]) > cosine(fishing[4], money[1])


def test_the_rotation_keeps_lengths_on_the_whole() -> None:
    turn = rotation().astype(np.float64)
    assert turn.T @ turn == pytest.approx(np.eye(256), abs=1e-6)


def test_the_rotation_is_what_it_has_always_been() -> None:
    """Stored codes were made with it."""
    assert rotation()[0, :4] == pytest.approx(FIRST, abs=1e-6)


def cosine(left: np.ndarray, right: np.ndarray) -> float:
    return float(left @ right / np.linalg.norm(left) / np.linalg.norm(right))


FIRST = (0.0833374, -0.0259907, -0.0249576, -0.0470618)
