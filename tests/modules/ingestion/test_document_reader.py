import asyncio
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from footnote.modules.ingestion.reader import DocumentReader
from footnote.modules.retrieval import Box
from footnote.platform.principal import Principal
from footnote.platform.storage.errors import BlobNotFound

ANN = Principal(tenant="t", subject="ann")


def pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=1)
    canvas.drawString(72, 700, "A page.")
    canvas.save()
    return buffer.getvalue()


async def test_a_page_deleted_while_it_waits_to_be_drawn_is_not_found(ingestion: Any) -> None:
    document = await ingestion.upload(ANN, pdf(), "a.pdf")
    await ingestion.work()

    async def draw(path: Path, page: int, boxes: Sequence[Box]) -> bytes:
        await ingestion.service.delete(ANN, document.id)
        return await asyncio.to_thread(path.read_bytes)

    reader = DocumentReader(ingestion.documents, ingestion.blobs, ingestion.extractions, draw)
    with pytest.raises(BlobNotFound):
        await reader.page_image(ANN, document.id, 1, None, None)
