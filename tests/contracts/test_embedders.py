"""What holds for every embedder: the local one, those of folders, and those of providers in their wire formats."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from support.model_server import ModelServer
from support.models import remote_embedder
from support.onnx_models import make_encoder

from footnote.platform.inference import Embedder
from footnote.platform.inference.calls import RemoteEmbedder
from footnote.platform.inference.local import LocalEmbedder
from footnote.platform.inference.onnx_folder import ModelFolder, OnnxEmbedder

Kind = Literal["document", "query"]

KINDS = ("local", "onnx", "voyage", "voyage-int8", "openai", "compatible", "google", "google-2")
TEXTS = ("The apples fell from the tree", "Boats sail on the river", "The moon and the stars shine")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer().serving() as server:
        yield server


@pytest.fixture(params=KINDS)
async def embedder(
    request: pytest.FixtureRequest, server: ModelServer, built_models: Path, tmp_path: Path
) -> AsyncIterator[Embedder]:
    opened: LocalEmbedder | OnnxEmbedder | RemoteEmbedder
    match request.param:
        case "local":
            opened = LocalEmbedder(built_models, threads=2)
        case "onnx":
            opened = OnnxEmbedder(ModelFolder(make_encoder(tmp_path / "tiny")), threads=2)
        case kind:
            opened = remote_embedder(kind, server)
    yield opened
    await opened.close()


def test_it_names_its_provider_and_model(embedder: Embedder) -> None:
    provider, _, model = embedder.name.partition(":")
    assert provider in {"local", "onnx", "voyage", "openai", "compatible", "google"}
    assert model
    assert embedder.max_tokens > 0


@pytest.mark.parametrize("kind", ["document", "query"])
async def test_every_text_gets_a_row_of_unit_length(embedder: Embedder, kind: Kind) -> None:
    embeddings = await embedder.embed(TEXTS, kind=kind)
    assert (embeddings.shape, embeddings.dtype) == ((3, embedder.dimension), np.float32)
    assert np.allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)


async def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    assert (await embedder.embed([], kind="document")).shape == (0, embedder.dimension)


async def test_rows_are_in_the_order_of_the_texts(embedder: Embedder) -> None:
    forth = await embedder.embed(TEXTS, kind="document")
    back = await embedder.embed(TEXTS[::-1], kind="document")
    assert np.allclose(forth, back[::-1], atol=1e-5)


async def test_texts_of_many_requests_keep_their_order(embedder: Embedder) -> None:
    many = await embedder.embed([TEXTS[at % 3] for at in range(250)], kind="document")
    few = await embedder.embed(TEXTS, kind="document")
    assert np.allclose(many, few[np.arange(250) % 3], atol=1e-5)


async def test_the_same_texts_give_the_same_bits(embedder: Embedder) -> None:
    assert np.array_equal(await embedder.embed(TEXTS, kind="query"), await embedder.embed(TEXTS, kind="query"))


async def test_what_shares_words_with_a_question_is_nearest(embedder: Embedder) -> None:
    documents = await embedder.embed(TEXTS, kind="document")
    [question] = await embedder.embed(["apples of the tree"], kind="query")
    assert int(np.argmax(documents @ question)) == 0


@pytest.mark.parametrize("text", ["", " \n", "\ud800", "\0\x01", "漢字" * 9000, "x" * 60_000, "word " * 30_000])
async def test_any_text_has_an_embedding(embedder: Embedder, text: str) -> None:
    embeddings = await embedder.embed([text, TEXTS[0]], kind="document")
    assert np.isfinite(embeddings).all()
    assert np.allclose(embeddings[1], (await embedder.embed([TEXTS[0]], kind="document"))[0], atol=1e-5)
