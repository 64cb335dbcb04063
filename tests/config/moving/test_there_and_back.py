"""Everything out of one store and into another."""

from base64 import b64encode
from pathlib import Path

import numpy as np
import pytest
from support.moving import (
    NOW,
    add_answer,
    add_conversation,
    add_document,
    content_of,
    exported,
    imported,
    parts,
    publish,
)
from support.transactions import committed

from footnote.config.commands.moving import describe_import, unopened_in
from footnote.config.moving.parts import Parts
from footnote.config.settings import load_settings
from footnote.modules.access.provider_keys import ProviderKeys
from footnote.modules.generation.conversations.models import Node
from footnote.platform.inference.gateway.spending import Account
from footnote.platform.principal import Principal
from footnote.platform.sealing import KeyRing
from footnote.platform.secrets import Secret

ANN = Principal(tenant="acme", subject="ann")


@pytest.mark.parametrize("kind", ["gridfs-mongodb", "file-sqlite"])
async def test_there_and_back_gives_the_same_bytes(
    kind: str, file: Path, target: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parts(kind, tmp_path / "other", monkeypatch) as other:
        await imported(other, file)
        there = await exported(other, tmp_path / "there")
    await imported(target, there)
    back = await exported(target, tmp_path / "back")
    assert content_of(file) == content_of(there) == content_of(back)


async def test_embeddings_of_tokens_move_too(file: Path, source: Parts, target: Parts) -> None:
    await imported(target, file)
    before, after = [await tokens_of(each) for each in (source, target)]
    assert before == after != [b"", b""]


async def tokens_of(moved: Parts) -> list[bytes]:
    record = await moved.documents.following("")
    build = record and await moved.published(record)
    assert build
    return [codes async for batch in moved.index.chunks(build) for codes in batch.tokens]


async def test_what_was_imported_is_told(file: Path, target: Parts) -> None:
    report = await imported(target, file)
    assert (report.documents, report.answers, report.present, report.queued, report.foreign) == (3, 2, 0, 0, 0)
    assert (report.conversations, report.memories, report.prompts) == (1, 1, 2)
    assert (report.spending, report.provider_keys) == (2, 3)
    assert len(report.sha256) == 64


async def test_importing_twice_changes_nothing(file: Path, target: Parts, tmp_path: Path) -> None:
    await imported(target, file)
    again = await imported(target, file)
    assert (again.documents, again.answers, again.present) == (0, 0, 14)
    assert content_of(await exported(target, tmp_path / "again")) == content_of(file)


async def test_bytes_are_counted_as_before(file: Path, target: Parts) -> None:
    await imported(target, file)
    document = await target.store.documents.get(ANN, "01")
    version = await target.store.documents.version(ANN, "01", 1)
    for sha256 in (document.sha256, version.extraction):
        assert await committed(
            target.store.storage, lambda tx, each=sha256: target.store.blobs.release(tx, "acme", each)
        )
    assert await target.store.blobs.sweep() == 2


async def test_what_was_uploaded_before_the_move_is_known_after_it(file: Path, target: Parts) -> None:
    await imported(target, file)
    receipt = await target.store.documents.receipt(ANN, "key of 01")
    kept = await target.store.documents.by_source(ANN, "/files/01.txt")
    assert (receipt and receipt.document_id, kept and kept.id) == ("01", "01")


async def test_a_document_that_was_being_read_is_queued_in_its_new_store(
    source: Parts, target: Parts, tmp_path: Path
) -> None:
    await add_document(source.store, "01", status="embedding")
    assert (await imported(target, await exported(source, tmp_path / "file"))).queued == 1
    assert await target.store.jobs.depth() == {"queued": 1}
    assert (await target.store.documents.get(ANN, "01")).status == "queued"


async def test_what_is_published_after_an_import_counts(file: Path, target: Parts) -> None:
    await imported(target, file)
    document = await target.store.documents.get(ANN, "01")
    await committed(target.store.storage, lambda tx: publish(target.store, tx, "acme", document))


@pytest.mark.parametrize("kind", ["folder-sqlite", "gridfs-mongodb"])
async def test_documents_of_another_model_are_embedded_anew_and_move_with_the_new_embeddings(
    kind: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with parts(kind, tmp_path / "other", monkeypatch, active="test:other") as other:
        assert (await imported(other, file)).foreign == 3
        assert await other.store.jobs.depth() == {"queued": 1}
        (space,) = await other.store.spaces.living()
        bare = await other.store.spaces.bare(space, None, 100)
        embeddings = np.full((len(bare), space.dimension), 0.5, np.float32)
        await committed(other.store.storage, lambda tx: other.store.spaces.fill(tx, space, bare, embeddings))
        assert (await imported(other, file)).present == 14
        again = content_of(await exported(other, tmp_path / "again"))
    assert (again.count(b"test:other"), again.count(embeddings[:2].tobytes())) == (3, 3)


async def test_an_export_of_nothing_is_imported_as_nothing(source: Parts, target: Parts, tmp_path: Path) -> None:
    report = await imported(target, await exported(source, tmp_path / "file"))
    assert (report.documents, report.answers) == (0, 0)


async def test_turns_whose_answers_came_after_the_others_were_written_are_left_out(
    source: Parts, target: Parts, tmp_path: Path
) -> None:
    for name in ("01", "03"):
        await add_answer(source.store, name)
    await add_conversation(source.store, "02", "01", "03")
    record = await source.conversations.following("")
    assert record is not None
    await add_answer(target.store, "01")
    await committed(target.store.storage, lambda tx: target.conversations.restore(tx, record))
    kept = await target.conversations.following("")
    assert kept is not None
    assert (kept.nodes, kept.conversation.active_id) == ((Node(id="01", parent_id=None),), "01")


async def test_what_was_spent_counts_against_the_budgets_of_the_new_store(file: Path, target: Parts) -> None:
    await imported(target, file)
    account = Account(tenant="acme", person="ann", day=NOW.date())
    committed_there = await target.store.spending.left(account)
    assert (committed_there.tenant, committed_there.person) == (1_000_000_007, 1_000_000_007)
    [entry] = await target.store.spending.entries("other", NOW.date(), NOW.date())
    assert (entry.account.person, entry.calls, entry.input_tokens, entry.output_tokens) == ("bob", 2, 30, 4)


async def test_a_key_for_a_provider_moves_as_it_is_sealed_and_opens_there(
    source: Parts, target: Parts, tmp_path: Path
) -> None:
    ring, root = KeyRing([("2026", bytes(32))]), Principal(tenant="acme", subject="root", roles=frozenset({"admin"}))
    before = ProviderKeys(source.store.provider_keys, source.store.storage, ring, ["openai"])
    await before.add(root, "openai", Secret("a-key-that-is-long-enough"))
    path = await exported(source, tmp_path / "file")
    assert b"a-key-that-is" not in content_of(path)
    await imported(target, path)
    after = ProviderKeys(target.store.provider_keys, target.store.storage, ring, ["openai"])
    key = await after.key("acme", "openai")
    assert key is not None
    assert key.reveal() == "a-key-that-is-long-enough"


async def test_it_is_said_which_key_opens_what_was_imported(file: Path, target: Parts, tmp_path: Path) -> None:
    report = await imported(target, file)
    report.unopened = await unopened_in(target, load_settings({}, folder=tmp_path).settings)
    assert report.unopened == ("2026",)
    assert "FOOTNOTE_ENCRYPTION_KEYS" in describe_import(report)[1]
    held = {"FOOTNOTE_ENCRYPTION_KEYS": f"2026:{b64encode(bytes(32)).decode()}"}
    assert await unopened_in(target, load_settings(held, folder=tmp_path).settings) == ()


async def test_turns_of_a_process_whose_clock_was_behind_move_with_the_others(
    source: Parts, target: Parts, tmp_path: Path
) -> None:
    for name in ("01", "02"):
        await add_answer(source.store, name)
    await add_conversation(source.store, "03", "02", "01")
    await imported(target, await exported(source, tmp_path / "file"))
    kept = await target.conversations.following("")
    assert kept is not None
    assert kept.nodes == (Node(id="02", parent_id=None), Node(id="01", parent_id="02"))
