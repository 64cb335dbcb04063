"""Stores with something of everything in them, to be moved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from support.blob_stores import shelf
from support.conversations import conversation, memory
from support.prompts import prompt
from support.transactions import committed

from footnote.config.moving.exporting import export_store
from footnote.config.moving.importing import Imported, import_file
from footnote.config.moving.parts import Parts, parts_of
from footnote.config.stores import Store
from footnote.modules.access.models import StoredKey
from footnote.modules.generation.conversations.models import Node
from footnote.modules.generation.feedback import Feedback
from footnote.modules.generation.models import Answer, PromptRef, TokenUsage
from footnote.modules.ingestion.models import Document, DocumentChange, Receipt, Version, card
from footnote.modules.retrieval.models import Box, Build, Chunk
from footnote.platform.inference.gateway.spending import Account, Entry
from footnote.platform.principal import Principal
from footnote.platform.sealing import Sealed
from footnote.platform.storage import Blob

EMBEDDING = "test:few"
DIMENSION = 4
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)


@asynccontextmanager
async def parts(
    kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch, active: str = EMBEDDING
) -> AsyncIterator[Parts]:
    """Of an empty store; `kind` is one of those of `blob_stores`, `active` the model that searches use."""
    async with shelf(kind, folder, monkeypatch) as opened:
        store = opened.store
        await store.spaces().begin(active, DIMENSION)
        yield parts_of(
            Store(
                storage=store.storage,
                blobs=opened.blobs,
                jobs=store.jobs(),
                documents=store.documents(),
                index=store.index(embedding=active, dimension=DIMENSION),
                spaces=store.spaces(),
                answers=store.answers(),
                spending=store.spending(),
                provider_keys=store.provider_keys(),
                prompts=store.prompts(),
                feedback=store.feedback(),
                conversations=store.conversations(),
                memories=store.memories(),
                checks={},
            )
        )


def new_document(name: str, content: Blob, **fields: Any) -> Document:
    values = {
        "id": name,
        "owner": "ann",
        "title": f"On {name} – «{name}»",
        "media_type": "text/plain",
        "size": content.size,
        "sha256": content.sha256,
        "status": "ready",
        "progress": None,
        "version": 1,
        "pages": 0,
        "chunks": 3,
        "language": "en",
        "readers": ("tenant", "group:staff"),
        "metadata": {"year": 2026, "a.b": [1, {"$c": None}], "share": 0.1},
        "error": None,
        "warnings": ("A page was dark.",),
        "created_at": NOW,
        "updated_at": NOW + timedelta(microseconds=1),
        "filename": f"{name}.txt",
    }
    return msgspec.convert(values | fields, Document)


async def keep(store: Store, tenant: str, content: bytes) -> Blob:
    async with store.blobs.stage(tenant) as staged:
        await staged.write(content)
        return await staged.keep()


async def add_document(store: Store, name: str, tenant: str = "acme", **fields: Any) -> None:
    """With one version, a receipt, a source and published chunks."""
    content = await keep(store, tenant, f"bytes of {name}".encode() * 99)
    extraction = await keep(store, tenant, f"text of {name}".encode())
    document = new_document(name, content, **fields)
    version = Version(
        document_id=name,
        number=1,
        content=content.sha256,
        extraction=extraction.sha256,
        extractor="text/1",
        media_type="text/plain",
        pages=0,
        characters=99,
        language="en",
        chunking="structure/1",
    )

    async def work(tx: Any) -> None:
        await store.documents.add(tx, tenant, document, source=f"/files/{name}.txt")
        await store.documents.add_version(tx, tenant, version)
        receipt = Receipt(sha256=content.sha256, document_id=name)
        await store.documents.add_receipt(tx, Principal(tenant=tenant, subject="ann"), f"key of {name}", receipt)
        await store.documents.change(tx, tenant, name, DocumentChange(pages=7), renew=True, reread=True)
        await store.blobs.reference(tx, tenant, content)
        await store.blobs.reference(tx, tenant, extraction)
        await publish(store, tx, tenant, document)

    await committed(store.storage, work)


async def publish(store: Store, tx: Any, tenant: str, document: Document) -> None:
    build = Build(id="build", tenant=tenant, document_id=document.id, version=1, embedding=EMBEDDING)
    chunks = [
        Chunk(start=0, end=90, text=f"All of {document.id}.", tokens=9, kind="parent"),
        Chunk(start=0, end=40, text="The lamp is red.", tokens=5, parent=(0, 90), heading_path=("One", "Two")),
        Chunk(start=41, end=90, text="a | b", tokens=4, kind="table", boxes=(Box(page=1, x0=0.1, y0=2, x1=3, y1=4),)),
    ]
    embeddings = np.random.default_rng(len(document.id)).standard_normal((2, DIMENSION)).astype(np.float32)
    tokens = [np.random.default_rng(rows).standard_normal((rows, 16)).astype(np.float32) for rows in (3, 2)]
    await store.index.write(tx, build, document.title, chunks, embeddings, tokens)
    await store.index.publish(tx, build, card(tenant, document), 1)


async def add_answer(store: Store, name: str, tenant: str = "acme") -> None:
    answer = Answer(
        id=name,
        conversation_id=None,
        question="Is it red?",
        text="It is – see «there».",
        abstained=False,
        confidence=0.1 + 0.2,
        grounding="enforce",
        sentences=(),
        citations=(),
        passages=(),
        model="local:extractive",
        prompt=PromptRef(name="none", version=1),
        usage=TokenUsage(),
        timings_ms={"b": 1.5, "a": 2.25},
        trace_id="0" * 32,
        created_at=NOW,
    )
    asker = Principal(tenant=tenant, subject="bob")
    await committed(store.storage, lambda tx: store.answers.add(tx, asker, answer))


async def add_conversation(store: Store, name: str, *turns: str, tenant: str = "acme") -> None:
    """Its turns are answers that there are, one after the other."""
    asker = Principal(tenant=tenant, subject="bob")

    async def work(tx: Any) -> None:
        await store.conversations.add(tx, asker, conversation(name))
        for before, turn in zip((None, *turns), turns, strict=False):
            node = Node(id=turn, parent_id=before)
            await store.conversations.add_turn(tx, asker, name, node, at=NOW, title=f"«{name}»")

    await committed(store.storage, work)


async def add_memory(store: Store, name: str, tenant: str = "acme") -> None:
    asker = Principal(tenant=tenant, subject="bob")
    await committed(store.storage, lambda tx: store.memories.add(tx, asker, memory(name)))


async def add_feedback(store: Store, name: str, subject: str) -> None:
    said = Feedback(answer_id=name, rating=-0.5, comment="Hm.", created_at=NOW, updated_at=NOW)
    critic = Principal(tenant="acme", subject=subject)
    await committed(store.storage, lambda tx: store.feedback.put(tx, critic, said))


async def add_prompt(store: Store, name: str, version: int, tenant: str = "acme") -> None:
    await committed(store.storage, lambda tx: store.prompts.add(tx, tenant, prompt(name, version)))


async def add_spending(store: Store, person: str, tenant: str = "acme") -> None:
    account = Account(tenant=tenant, person=person, day=NOW.date())
    entry = Entry(account=account, model="openai:gpt", calls=2, input_tokens=30, output_tokens=4, cost=1_000_000_007)
    await committed(store.storage, lambda tx: store.spending.settle(tx, entry, None))


async def add_provider_key(store: Store, provider: str, tenant: str = "acme", key_id: str = "2026") -> None:
    sealed = Sealed(key_id=key_id, nonce=b"\x00\xffnonce", ciphertext=b"\x01\x02 sealed")
    key = StoredKey(tenant=tenant, provider=provider, sealed=sealed, hint="abcd", created_by="root", created_at=NOW)
    await committed(store.storage, lambda tx: store.provider_keys.put(tx, key))


async def fill(store: Store) -> None:
    await add_document(store, "01")
    await add_document(store, "02", tenant="other", owner="ben", readers=())
    await add_document(store, "03", parent_id="01", depth=1, status="failed", error={"title": "Broken", "n": 1})
    await add_answer(store, "04")
    await add_feedback(store, "04", "bob")
    await add_feedback(store, "04", "ann")
    await add_answer(store, "05", tenant="other")
    await add_conversation(store, "06", "04")
    await add_memory(store, "07")
    await add_prompt(store, "short", 2)
    await add_prompt(store, "short", 10)
    await add_spending(store, "ann")
    await add_spending(store, "bob", tenant="other")
    await add_provider_key(store, "openai")
    await add_provider_key(store, "anthropic")
    await add_provider_key(store, "openai", tenant="other")


async def exported(source: Parts, path: Path) -> Path:
    await export_store(source, path)
    return path


async def imported(target: Parts, path: Path, **options: Any) -> Imported:
    return await import_file(target, path, max_attempts=5, **options)


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def replace(path: Path, content: bytes) -> None:
    path.write_bytes(content)
