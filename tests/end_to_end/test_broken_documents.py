"""Every broken PDF there is ends ready, or failed with a reason, and harms nobody."""

from pathlib import Path
from typing import Any

import httpx


def test_every_broken_pdf_ends_and_the_worker_lives(server: Any, ingest: Any, shared_data: Path) -> None:
    statuses = {"ready": 0, "failed": 0}
    for path in sorted((shared_data / "files" / "pdf_broken").glob("*.pdf")):
        try:
            document = ingest(server, path.name, path.read_bytes())
        except AssertionError as refused:
            assert "empty-file" in str(refused) or "unsupported" in str(refused), path.name
            continue
        statuses[document["status"]] += 1
        assert document["status"] == "ready" or document["error"]["detail"].endswith("."), path.name
        assert document["status"] == "ready" or document["error"]["status"] == 422, document["error"]
    assert min(statuses.values()) > 5
    assert httpx.get(f"{server.url}/ready").status_code == 200
    assert ingest(server, "after.txt", b"The worker lives.")["status"] == "ready"
