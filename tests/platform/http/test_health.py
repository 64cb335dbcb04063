import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, Counter

from footnote.platform.http import health
from footnote.platform.http.health import health_router


async def works() -> None:
    pass


async def fails() -> None:
    raise OSError("/secret/path is gone")


async def hangs() -> None:
    await asyncio.Event().wait()


def test_a_living_process_says_so(make_client: Callable[..., Any]) -> None:
    client = make_client(health_router({"store": fails}, CollectorRegistry()))
    assert client.get("/health").json() == {"status": "alive"}


def test_it_is_ready_when_every_dependency_works(make_client: Callable[..., Any]) -> None:
    response = make_client(health_router({"store": works}, CollectorRegistry())).get("/ready")
    assert response.json() == {"status": "ready", "dependencies": {"store": "ok"}}


def test_it_tells_what_the_store_can_do(make_client: Callable[..., Any]) -> None:
    router = health_router({"store": works}, CollectorRegistry(), {"vector_search": False})
    assert make_client(router).get("/ready").json()["store"] == {"vector_search": False}


def test_what_fails_is_named_and_no_more(make_client: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.01)
    checks = {"store": works, "blobs": fails, "model": hangs}
    response = make_client(health_router(checks, CollectorRegistry())).get("/ready")
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert response.json()["dependencies"] == {"store": "ok", "blobs": "failed", "model": "no answer"}
    assert "secret" not in response.text


def test_metrics_are_prometheus_text(make_client: Callable[..., Any]) -> None:
    registry = CollectorRegistry()
    Counter("notes", "Notes written.", registry=registry).inc()
    response = make_client(health_router({}, registry)).get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    assert "notes_total 1.0" in response.text


def test_metrics_need_a_key_where_there_are_keys(make_client: Callable[..., Any]) -> None:
    client = make_client(health_router({}, CollectorRegistry()), keyed=True)
    assert client.get("/metrics").status_code == 401
    assert client.get("/ready").status_code == 200
