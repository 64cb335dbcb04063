"""What an operator sees of the product at work."""

import re
from collections.abc import Callable
from typing import Any

Ingest = Callable[..., dict[str, Any]]


def count(metrics: str, name: str) -> float:
    return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", metrics, re.MULTILINE))


def test_work_is_counted(server: Any, ingest: Ingest) -> None:
    before = server.client.get("/metrics").text
    ingest(server, "counted.txt", b"The ferry leaves the harbour at noon. " * 3)
    server.client.post("/api/v1/search", json={"query": "ferry"})
    server.client.post("/api/v1/answers", json={"question": "When does the ferry leave?"})
    after = server.client.get("/metrics").text
    for name, least in {
        "footnote_ingest_documents_total": 1,
        "footnote_ingest_stage_duration_seconds_count": 4,
        "footnote_search_duration_seconds_count": 2,
        "footnote_ask_answers_total": 1,
        "footnote_jobs_total": 1,
        "gen_ai_client_operation_duration_seconds_count": 3,
    }.items():
        assert count(after, name) - count(before, name) >= least, name
