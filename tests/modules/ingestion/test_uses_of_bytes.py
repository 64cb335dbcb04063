"""Every order of replacing and reading, on the embedded store; a few of them are tried on both."""

from typing import Any

import pytest

from footnote.platform.principal import Principal

ANN = Principal(tenant="t", subject="ann")
OLD, MIDDLE, NEW = b"The old lamp.", b"The lamp between.", b"The new lamp."


@pytest.mark.parametrize("contents", [(OLD, NEW, OLD), (OLD, NEW, MIDDLE), (OLD, OLD, NEW), (OLD, NEW, NEW)])
@pytest.mark.parametrize("works", [(), (0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)])
async def test_every_use_is_counted_once(ingestion: Any, contents: tuple[bytes, ...], works: tuple[int, ...]) -> None:
    document = await ingestion.upload(ANN, contents[0])
    for turn, content in enumerate(contents):
        await ingestion.replace(ANN, document.id, content)
        if turn in works:
            await ingestion.work_off()
    await ingestion.service.delete(ANN, document.id)
    assert await ingestion.rows("blob") == 0
