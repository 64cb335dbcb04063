"""Prompts over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import AsyncTestClient
from support.prompts import ABSTENTIONS, BUILTIN, new_prompt

from footnote.modules.generation.prompting.api import router
from footnote.modules.generation.prompting.service import PromptService
from footnote.modules.generation.repository.schema import MIGRATIONS
from footnote.modules.generation.repository.sqlite_prompts import SqlitePromptRepository
from footnote.platform.http.problem import problem_details
from footnote.platform.principal import Principal
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase

URL = "/api/v1/prompts"


@pytest.fixture
async def client(database: SqliteDatabase, request: pytest.FixtureRequest) -> AsyncIterator[AsyncTestClient[Litestar]]:
    await migrate(database, {"generation": MIGRATIONS})
    prompts = PromptService(BUILTIN, SqlitePromptRepository(database), database, ABSTENTIONS)
    roles = frozenset({"admin"}) if getattr(request, "param", "admin") == "admin" else frozenset()
    asker = Principal(tenant="acme", subject="ann", roles=roles)
    app = Litestar(
        [router],
        plugins=[problem_details()],
        logging_config=None,
        dependencies={
            "principal": Provide(lambda: asker, sync_to_thread=False),
            "prompts": Provide(lambda: prompts, sync_to_thread=False),
        },
    )
    async with AsyncTestClient(app) as opened:
        yield opened


def body(**changes: Any) -> Any:
    return msgspec.to_builtins(new_prompt(**changes))


async def test_what_comes_with_the_program_is_listed(client: AsyncTestClient[Litestar]) -> None:
    listed = (await client.get(URL)).json()
    assert [(item["name"], item["version"]) for item in listed["items"]] == [("answer", 1)]
    assert listed["next_cursor"] is None
    assert listed["items"][0]["tokens"]["en"].keys() == {"system", "examples", "user"}


async def test_a_version_is_added_read_and_compared(client: AsyncTestClient[Litestar]) -> None:
    first = await client.post(URL, json=body())
    second = await client.post(URL, json=body(description="Shorter answers"))
    assert (first.status_code, second.json()["version"]) == (201, 2)
    assert (await client.get(f"{URL}/short")).json() == second.json()
    assert (await client.get(f"{URL}/short/versions/1")).json()["description"] == "Short answers"
    found = (await client.get(f"{URL}/short/diff", params={"old": 1, "new": 2})).json()
    assert [change["field"] for change in found["changes"]] == ["description"]


async def test_a_wrong_variable_is_told_with_its_field(client: AsyncTestClient[Litestar]) -> None:
    texts = {"en": {"system": "{{nonsense}}", "user": "{{mark}} {{passages}} {{question}}"}}
    response = await client.post(URL, json={"name": "short", "texts": texts})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["texts.en.system"]


@pytest.mark.parametrize("client", ["person"], indirect=True)
async def test_a_person_reads_prompts_and_adds_none(client: AsyncTestClient[Litestar]) -> None:
    assert (await client.post(URL, json=body())).status_code == 403
    assert (await client.get(f"{URL}/answer")).status_code == 200


@pytest.mark.parametrize("path", ["none", "answer/versions/9", "answer/versions/0", "answer/diff?old=1&new=9"])
async def test_what_is_not_there_is_not_found(client: AsyncTestClient[Litestar], path: str) -> None:
    assert (await client.get(f"{URL}/{path}")).status_code == 404
