"""The product with chat models of providers, against servers that speak their wire formats."""

import base64
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.chat_formats import Said
from support.chat_server import KEY, NAMES, ChatServer

PRICE = {"model_prices": ",".join(f"{name}=1000/2000" for name in NAMES.values())}
MARS = b"Mars has two moons, Phobos and Deimos. Phobos is the larger of the two."
ENOUGH = 1_000_000  # dollars


@pytest.fixture
def openai() -> Iterator[ChatServer]:
    with ChatServer("openai").serving() as server:
        server.said = Said(texts=("Mars has two moons, ", "Phobos and Deimos. [1]"))
        yield server


@pytest.fixture
def anthropic() -> Iterator[ChatServer]:
    with ChatServer("anthropic").serving() as server:
        server.said = Said(texts=("Mars has two moons, ", "Phobos and Deimos. [1]"))
        yield server


@pytest.fixture
def start(openai: ChatServer, start_server: Callable[..., Any]) -> Callable[..., Any]:
    def start(**settings: Any) -> Any:
        chosen = {"chat_model": NAMES["openai"], "openai_base_url": openai.url, "openai_api_key": KEY, **PRICE}
        server = start_server(**{**chosen, **settings})
        take_in(server)
        return server

    return start


def take_in(server: Any) -> None:
    item = server.client.post("/api/v1/documents", files={"file": ("mars.txt", MARS)}).json()["items"][0]
    while server.client.get(f"/api/v1/documents/{item['id']}").json()["status"] != "ready":
        time.sleep(0.05)


def ask(server: Any, **asked: Any) -> Any:
    return server.client.post("/api/v1/answers", json={"question": "How many moons does Mars have?", **asked})


def test_a_providers_model_answers_from_the_documents_and_is_paid(start: Callable[..., Any]) -> None:
    server = start()
    answer = ask(server).json()
    assert answer["text"].startswith("Mars has two moons")
    assert answer["model"] == NAMES["openai"]
    assert answer["usage"]["cost_usd"] > 0
    usage = server.client.get("/api/v1/usage").json()
    assert [item["model"] for item in usage["items"]] == [NAMES["openai"]]
    assert usage["total"]["cost_usd"] >= answer["usage"]["cost_usd"]


def test_another_provider_takes_over_and_the_models_say_why(
    start: Callable[..., Any], openai: ChatServer, anthropic: ChatServer
) -> None:
    openai.replies = [openai.refusal(401)] * 9
    there = {"anthropic_base_url": anthropic.url, "anthropic_api_key": KEY, "chat_fallbacks": NAMES["anthropic"]}
    server = start(**there, breaker_failures=1)
    assert ask(server).json()["model"] == NAMES["anthropic"]
    first, second = server.client.get("/api/v1/models").json()["items"][:2]
    assert (first["name"], first["state"]) == (NAMES["openai"], "open")
    assert "refuses the key" in first["problem"]
    assert (second["state"], KEY in str(first)) == ("ready", False)


def test_a_spent_budget_refuses_before_anything_is_sent(start: Callable[..., Any], openai: ChatServer) -> None:
    refused = ask(start(budget_tenant_usd=0.01))
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/budget-spent")
    assert int(refused.headers["retry-after"]) > 0
    assert openai.requests == []


def test_a_model_that_nobody_configured_is_refused(start: Callable[..., Any]) -> None:
    refused = ask(start(), model="openai:other")
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/unknown-model")


def test_a_tenants_own_key_is_sent_in_the_place_of_ours(start: Callable[..., Any], openai: ChatServer) -> None:
    sealing = base64.b64encode(bytes(32)).decode()
    server = start(encryption_keys=f"one:{sealing}", openai_api_key="")
    added = server.client.post("/api/v1/provider-keys", json={"provider": "openai", "key": "sk-of-the-tenant-1234"})
    assert (added.status_code, added.json()["hint"], "sk-of" in added.text) == (201, "1234", False)
    assert ask(server).json()["model"] == NAMES["openai"]
    assert {request.headers["authorization"] for request in openai.requests} == {"Bearer sk-of-the-tenant-1234"}
    assert server.client.delete("/api/v1/provider-keys/openai").status_code == 204
    assert server.client.get("/api/v1/provider-keys").json()["items"] == []


def test_quotations_stand_in_for_a_provider_that_is_away(start: Callable[..., Any], openai: ChatServer) -> None:
    openai.replies = [openai.refusal(500)] * 99
    answer = ask(start(chat_fallbacks="local:extractive", chat_attempts=1)).json()
    assert (answer["model"], answer["abstained"]) == ("local:extractive", False)
    assert "two moons" in answer["text"]
