"""Every broken PDF there is ends ready, or failed with a reason, and harms nobody."""

from pathlib import Path
from typing import Any

import httpx


def test_every_broken_pdf_ends_and_the_worker_lives(server: Any, ingest: Any, shared_data: Path) -> None:
    statuses = {"ready": 0, "failed": 0}
    for path in sorted((shared_data / "files" / "pdf_broken").glob("*.pdf")):
        document = ingest(server, path.name, path.read_bytes())
        statuses[document["status"]] += 1
        if document["status"] == "failed":
            assert (document["error"]["status"], document["error"]["detail"][-1]) == (422, "."), path.name
    assert min(statuses.values()) > 5
    assert httpx.get(f"{server.url}/ready").status_code == 200
    assert ingest(server, "after.txt", b"The worker lives.")["status"] == "ready"
