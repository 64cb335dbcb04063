"""Files as people have them, and how to wait for what becomes of them."""

import io
import time
from collections.abc import Callable
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

Ingest = Callable[..., dict[str, Any]]


def make_pdf(*pages: str, password: str | None = None) -> bytes:
    """A PDF with one line of text a page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(password) if password else None)
    for text in pages:
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@pytest.fixture(scope="session")
def pdf() -> Callable[..., bytes]:
    return make_pdf


@pytest.fixture(scope="session")
def ingest() -> Ingest:
    """Upload one file to a server and return its document once it is settled."""

    def upload_and_wait(server: Any, name: str, content: bytes, **fields: Any) -> dict[str, Any]:
        response = server.client.post("/api/v1/documents", files={"file": (name, content)}, data=fields)
        assert response.status_code == 202, response.text
        document_id = response.json()["items"][0]["id"]
        while True:
            document: dict[str, Any] = server.client.get(f"/api/v1/documents/{document_id}").json()
            if document["status"] in {"ready", "failed", "cancelled"}:
                return document
            time.sleep(0.05)

    return upload_and_wait
