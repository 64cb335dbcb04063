"""How much one tenant may keep and have under way."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from footnote.modules.ingestion.errors import QuotaReached, TooManyWaiting
from footnote.modules.ingestion.limits import TenantLimits
from footnote.modules.ingestion.models import Usage
from footnote.platform.principal import Principal

ANN = Principal(tenant="t", subject="ann")
EVE = Principal(tenant="other", subject="eve")
USAGE = Usage(documents=3, size=100, waiting=2)


async def in_one(content: bytes) -> AsyncIterator[bytes]:
    yield content


@pytest.mark.parametrize(
    ("limits", "size", "is_new"),
    [
        pytest.param(TenantLimits(), 10**12, True, id="none is set"),
        pytest.param(TenantLimits(documents=4, size=110, waiting=3), 10, True, id="there is room for just one"),
        pytest.param(TenantLimits(documents=3), 10, False, id="no document more"),
        pytest.param(TenantLimits(size=50), -60, False, id="fewer bytes, though there are too many"),
    ],
)
def test_there_is_room(limits: TenantLimits, size: int, is_new: bool) -> None:
    limits.check(USAGE, size, is_new=is_new)


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        pytest.param(TenantLimits(documents=3), QuotaReached, id="of documents"),
        pytest.param(TenantLimits(size=109), QuotaReached, id="of bytes"),
        pytest.param(TenantLimits(waiting=2), TooManyWaiting, id="under way"),
    ],
)
def test_there_is_no_room(limits: TenantLimits, error: type[Exception]) -> None:
    with pytest.raises(error):
        limits.check(USAGE, 10)


async def test_a_full_tenant_takes_no_more_and_leaves_nothing_behind(ingestion: Any) -> None:
    ingestion.service._uploads._limits = TenantLimits(documents=1)
    await ingestion.upload(ANN, b"One.")
    with pytest.raises(QuotaReached):
        await ingestion.upload(ANN, b"Two.")
    assert [await ingestion.rows(table) for table in ("document", "blob", "job")] == [1, 1, 1]


async def test_the_same_bytes_need_no_room(ingestion: Any) -> None:
    ingestion.service._uploads._limits = TenantLimits(documents=1)
    document = await ingestion.upload(ANN)
    assert await ingestion.upload(ANN) == document


async def test_one_tenant_takes_no_room_of_another(ingestion: Any) -> None:
    ingestion.service._uploads._limits = TenantLimits(documents=1)
    await ingestion.upload(ANN)
    await ingestion.upload(EVE)


async def test_what_is_settled_is_not_waiting(ingestion: Any) -> None:
    ingestion.service._uploads._limits = TenantLimits(waiting=1)
    await ingestion.upload(ANN, b"One.")
    with pytest.raises(TooManyWaiting):
        await ingestion.upload(ANN, b"Two.")
    await ingestion.work()
    await ingestion.upload(ANN, b"Two.")


async def test_new_bytes_take_the_room_of_the_old(ingestion: Any) -> None:
    ingestion.service._uploads._limits = TenantLimits(documents=1, size=10)
    document = await ingestion.upload(ANN, b"123456.")
    await ingestion.service.replace(ANN, document.id, in_one(b"12345678."), filename="a.txt")
    with pytest.raises(QuotaReached):
        await ingestion.service.replace(ANN, document.id, in_one(b"12345678901."), filename="a.txt")
