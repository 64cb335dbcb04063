"""What the local embedder promises: the port, the same bits again, and questions before documents."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from footnote.platform.inference import Embedder, Embeddings
from footnote.platform.inference.local import LocalEmbedder
from footnote.platform.telemetry import model_calls

TEXTS = [
    "A kitten sleeps on the rug.",
    "Revenue rose by 12% in the third quarter.",
    "The cat lay down on the carpet.",
    "Quarterly sales grew by an eighth, and the board raised its forecast for the full year to four billion dollars.",
]
ODD = [
    "",
    " ",
    "\x00",
    "\ud83d",
    "\u200b\u200d",
    "e\u0301",
    "각",
    "ﷺ",
    "👨‍👩‍👧",
    "a" * 500,
    "[MASK] [SEP]",
    "\U0010ffff",
]


async def documents(embedder: LocalEmbedder, *texts: str) -> Embeddings:
    return await embedder.embed(texts, kind="document")


def test_it_is_an_embedder(embedder: LocalEmbedder) -> None:
    port: Embedder = embedder
    assert (port.name, port.dimension, port.max_tokens) == ("local:all-MiniLM-L6-v2/int8", 384, 256)


async def test_every_text_gets_a_row_of_unit_length(embedder: LocalEmbedder) -> None:
    embeddings = await documents(embedder, *TEXTS, *ODD)
    assert embeddings.shape == (len(TEXTS) + len(ODD), 384)
    assert embeddings.dtype == np.float32
    assert np.linalg.norm(embeddings, axis=1) == pytest.approx(1, abs=1e-5)


async def test_no_texts_give_no_rows(embedder: LocalEmbedder) -> None:
    assert (await documents(embedder)).shape == (0, 384)


async def test_rows_are_in_the_order_of_the_texts(embedder: LocalEmbedder) -> None:
    together = await documents(embedder, *TEXTS)
    alone = [await documents(embedder, text) for text in TEXTS]
    assert np.array_equal(together, np.concatenate(alone))


async def test_texts_of_one_meaning_are_closest(embedder: LocalEmbedder) -> None:
    embeddings = await documents(embedder, *TEXTS)
    likeness = embeddings @ embeddings.T - 2 * np.eye(len(TEXTS))
    assert likeness.argmax(axis=1).tolist() == [2, 3, 0, 1]


async def test_int8_stays_close_to_fp32(embedder: LocalEmbedder, fp32: LocalEmbedder) -> None:
    cosines = (await documents(embedder, *TEXTS) * await documents(fp32, *TEXTS)).sum(axis=1)
    assert cosines.min() > 0.96


async def test_only_the_first_256_tokens_count(embedder: LocalEmbedder) -> None:
    long, cut = await documents(embedder, "word " * 20_000, "word " * 254)
    assert np.array_equal(long, cut)


async def test_the_same_texts_give_the_same_bits(embedder: LocalEmbedder, models: Path) -> None:
    other = LocalEmbedder(models, threads=1)
    first, again, elsewhere = await asyncio.gather(
        documents(embedder, *TEXTS * 4), documents(embedder, *TEXTS * 4), documents(other, *TEXTS * 4)
    )
    await other.close()
    assert np.array_equal(first, again)
    assert np.array_equal(first, elsewhere)


async def test_the_texts_beside_it_do_not_change_a_text(embedder: LocalEmbedder) -> None:
    alone = await embedder.embed(TEXTS[:1], kind="query")
    beside = await documents(embedder, *ODD, TEXTS[0], *TEXTS)
    assert np.array_equal(alone[0], beside[len(ODD)])


async def test_a_question_does_not_wait_for_documents(embedder: LocalEmbedder) -> None:
    writing = asyncio.create_task(documents(embedder, *["long " * 300] * 400))
    await asyncio.sleep(0.05)
    await embedder.embed(["Who asks?"], kind="query")
    assert not writing.done()
    writing.cancel()


async def test_a_small_document_does_not_wait_for_a_large_one(embedder: LocalEmbedder) -> None:
    large = asyncio.create_task(documents(embedder, *["long " * 300] * 400))
    await asyncio.sleep(0.05)
    await documents(embedder, *TEXTS)
    assert not large.done()
    large.cancel()


async def test_a_call_is_a_span_that_counts_tokens(embedder: LocalEmbedder, monkeypatch: pytest.MonkeyPatch) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(model_calls, "tracer", provider.get_tracer("test"))
    await documents(embedder, "one two", "three")
    (span,) = exporter.get_finished_spans()
    assert span.name == "embeddings all-MiniLM-L6-v2/int8"
    assert span.attributes is not None
    assert span.attributes["gen_ai.usage.input_tokens"] == 4 + 3
