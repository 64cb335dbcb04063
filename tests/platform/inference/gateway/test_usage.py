"""Who may see what was spent."""

from datetime import UTC, date, datetime

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from support.scripted_chat import ANN, FIRST, HELLO, ScriptedChat, bench

from footnote.config.app import given
from footnote.platform.http.problem import problem_details
from footnote.platform.inference.gateway.api import router
from footnote.platform.inference.gateway.budgets import Allowance
from footnote.platform.inference.gateway.usage import InvalidPeriod, UsageReader
from footnote.platform.principal import Principal
from footnote.platform.storage.sqlite import SqliteDatabase

BOB = Principal(tenant="acme", subject="bob")
ADMIN = Principal(tenant="acme", subject="eve", roles=frozenset({"admin"}))
STRANGER = Principal(tenant="other", subject="ann", roles=frozenset({"admin"}))


@pytest.fixture
async def reader(kept: SqliteDatabase) -> UsageReader:
    """After one call of Ann's and two of Bob's, at two cents each."""
    made = bench(kept, ScriptedChat(FIRST, HELLO), allowance=Allowance(tenant=100.0, person=50.0))
    for principal in (ANN, BOB, BOB):
        await made.ask(principal=principal)
    return UsageReader(made.spending, made.budgets)


async def test_an_admin_sees_what_everybody_of_the_tenant_used(reader: UsageReader) -> None:
    report = await reader.read(ADMIN)
    assert [(item.person, item.calls) for item in report.items] == [("ann", 1), ("bob", 2)]
    assert (report.total.calls, report.total.input_tokens) == (3, 30)
    assert report.total.cost_usd == pytest.approx(0.06)


async def test_others_see_their_own(reader: UsageReader) -> None:
    report = await reader.read(BOB)
    assert [(item.person, item.cost_usd) for item in report.items] == [("bob", pytest.approx(0.04))]
    assert [budget.scope for budget in report.budgets] == ["person"]


async def test_other_tenants_see_nothing(reader: UsageReader) -> None:
    assert (await reader.read(STRANGER)).items == []


async def test_budgets_tell_what_is_left_of_the_day(reader: UsageReader) -> None:
    tenant, person = (await reader.read(ADMIN)).budgets
    assert (tenant.limit_usd, tenant.committed_usd, tenant.left_usd) == (
        100.0,
        pytest.approx(0.06),
        pytest.approx(99.94),
    )
    assert person.left_usd == 50.0


async def test_a_period_is_of_at_most_a_year(reader: UsageReader) -> None:
    today = datetime.now(UTC).date()
    assert (await reader.read(ADMIN, today, today)).total.calls == 3
    assert (await reader.read(ADMIN, date(2026, 1, 1), date(2026, 1, 31))).items == []
    for since, until in ((date(2026, 1, 2), date(2026, 1, 1)), (date(2020, 1, 1), date(2026, 1, 1))):
        with pytest.raises(InvalidPeriod):
            await reader.read(ADMIN, since, until)


async def test_models_and_usage_are_told_over_http(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO))
    await made.ask()
    usage = UsageReader(made.spending, made.budgets)
    provided = {"principal": given(ANN), "chats": given(made.gateway), "usage": given(usage)}
    app = Litestar([router], dependencies=provided, plugins=[problem_details()], logging_config=None)
    async with AsyncTestClient(app) as client:
        [model] = (await client.get("/api/v1/models")).json()["items"]
        used = (await client.get("/api/v1/usage")).json()
        wrong = await client.get("/api/v1/usage?since=2026-01-02&until=2026-01-01")
    assert (model["name"], model["state"], model["default"]) == (FIRST, "ready", True)
    assert used["items"][0]["model"] == FIRST
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/invalid-period")
