"""The doctor on stores of other machines."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.blob_stores import point_at
from support.places import mongo_place
from support.s3_server import BUCKET, s3_server

from footnote.config.doctor.files import examine_bucket
from footnote.config.doctor.mongo import examine_capabilities, examine_mongo
from footnote.config.migrations import MONGO_MIGRATIONS
from footnote.config.setting_types import BlobLocation
from footnote.config.settings import Settings, load_settings
from footnote.platform.storage.mongo import MongoDatabase
from footnote.platform.storage.mongo_capabilities import Capabilities
from footnote.platform.storage.mongo_migrations import migrate


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with mongo_place() as uri:
        yield load_settings({"FOOTNOTE_STORE": uri, "FOOTNOTE_HOME": str(tmp_path)}, folder=tmp_path).settings


async def states(settings: Settings) -> dict[str, str]:
    return {finding.name: finding.state for finding in await examine_mongo(settings)}


async def make(settings: Settings, *slices: str) -> None:
    database = await MongoDatabase.open(settings.store.reveal())
    await migrate(database, {name: MONGO_MIGRATIONS[name] for name in slices})
    await database.close()


async def test_a_new_database_is_fine_and_stays_new(settings: Settings) -> None:
    for _ in range(2):
        (*_, database) = await examine_mongo(settings)
        assert (database.state, database.detail.endswith("set up at the first start")) == ("ok", True)


async def test_a_database_of_an_older_version_is_broken_and_says_what_mends_it(settings: Settings) -> None:
    await make(settings, "storage")
    (*_, database) = await examine_mongo(settings)
    assert (database.state, "footnote migrate" in database.remedy) == ("broken", True)


async def test_a_database_of_this_version_is_fine(settings: Settings) -> None:
    await make(settings, *MONGO_MIGRATIONS)
    found = await states(settings)
    assert (found["server"], found["transactions"], found["database"]) == ("ok", "ok", "ok")


def test_what_a_server_lacks_is_off_and_comes_with_a_remedy() -> None:
    plain = Capabilities(
        server="mongodb",
        version="8.0.0",
        vector_search=False,
        text_search=False,
        rank_fusion=False,
        score_fusion=False,
        rerank=False,
        transactions=False,
        explain=True,
    )
    found = {finding.name: finding for finding in examine_capabilities(plain)}
    assert found["transactions"].state == "broken"
    assert (found["vector search"].state, found["text search"].state) == ("off", "off")
    assert all(finding.remedy for finding in found.values() if finding.state != "ok")


async def test_a_bucket_that_answers_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    with s3_server() as server:
        point_at(server, monkeypatch)
        (found,) = await examine_bucket(BlobLocation(f"s3://{BUCKET}/files"))
    assert found.state == "ok"


async def test_a_bucket_that_does_not_answer_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    with s3_server() as server:
        point_at(server, monkeypatch)
    (found,) = await examine_bucket(BlobLocation(f"s3://{BUCKET}/files"))
    assert (found.state, "FOOTNOTE_BLOBS" in found.remedy) == ("broken", True)


@pytest.mark.parametrize("place", ["", "folder", "gridfs", "file:///srv/files"])
async def test_what_is_no_bucket_needs_no_look(place: str) -> None:
    assert await examine_bucket(BlobLocation(place)) == ()
