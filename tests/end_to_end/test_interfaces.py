"""Clients of others against the product as it runs: OpenAI's library, the Model Context Protocol's, a terminal."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from support.chat_formats import STREAMS, Said
from support.chat_server import NAMES, ChatServer
from support.wire import Streamed
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

PLANETS = b"Mars has two moons. Phobos is the larger of the two. Venus has no moons. A day on Venus lasts 243 days.\n"
QUESTION = "How many moons does Mars have?"


@pytest.fixture(scope="module")
def planets(server: Any, ingest: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    document = ingest(server, "planets.txt", PLANETS)
    assert document["status"] == "ready"
    return document


def environment(home: Path, **settings: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    return own | {"FOOTNOTE_HOME": str(home), **{f"FOOTNOTE_{name.upper()}": value for name, value in settings.items()}}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "footnote", *arguments]


@pytest.fixture
def silent_model() -> Iterator[ChatServer]:
    """Says one sentence and the beginning of the next, and then nothing more."""
    with ChatServer("compatible").serving() as model:
        model.said = Said(texts=("Mars has two moons. [1] ", "Phobos is ", "the larger. [1]"))
        parts = STREAMS["compatible"](model.said)
        end = next(at for at, part in enumerate(parts) if b"Phobos" in part) + 1
        model.replies = [Streamed(parts[:end], "silence")]
        yield model


def using(model: ChatServer) -> dict[str, str]:
    return {"chat_model": NAMES["compatible"], "compatible_base_url": model.url}


def test_the_interface_is_described_without_scripts_from_elsewhere(server: Any) -> None:
    description = server.client.get("/schema")
    assert description.headers["Content-Type"] == "application/json"
    paths = description.json()["paths"]
    assert {"/api/v1/answers", "/api/v1/memories"} <= set(paths)
    assert paths["/api/v1/documents"]["get"]["summary"] == "List documents"
    assert server.client.get("/schema/redoc").status_code == 404


def test_openais_library_lists_chats_and_streams(server: Any, planets: dict[str, Any]) -> None:
    asked: Any = [{"role": "user", "content": QUESTION}]
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="any") as client:
        (model,) = [model.id for model in client.models.list() if model.id == "local:extractive"]
        chat = client.chat.completions.create(model=model, messages=asked)
        stream = client.chat.completions.create(model=model, messages=asked, stream=True)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    message = chat.choices[0].message
    assert "two moons" in text == message.content
    addresses = [note.url_citation.url for note in message.annotations or ()]
    assert f"{server.url}/api/v1/documents/{planets['id']}/text?version=1" in addresses
    assert "two moons" in server.client.get(addresses[0]).text


def test_openais_library_meets_errors_in_its_own_form(server: Any) -> None:
    asked: Any = [{"role": "user", "content": QUESTION}]
    with openai.OpenAI(base_url=f"{server.url}/v1", api_key="any", max_retries=0) as client:
        with pytest.raises(openai.NotFoundError) as raised:
            client.chat.completions.create(model="gpt-none", messages=asked)
        assert raised.value.code == "model_not_found"
        with pytest.raises(openai.NotFoundError):
            client.embeddings.create(model="x", input="x")


@pytest.mark.usefixtures("planets")
def test_an_answer_comes_over_a_socket_and_is_resumed_over_http(server: Any) -> None:
    with connect(f"{server.url.replace('http', 'ws')}/api/v1/ws/answers") as socket:
        socket.send(json.dumps({"type": "ask", "question": QUESTION}))
        heard = [json.loads(socket.recv(timeout=60))]
        while heard[-1]["event"] != "done":
            heard.append(json.loads(socket.recv(timeout=60)))
    answer = heard[-1]["data"]["answer"]
    begun = next(each for each in heard if each["event"] == "sentence")
    resumed = server.client.get(f"/api/v1/answers/{answer['id']}/events", headers={"Last-Event-ID": begun["id"]}).text
    assert resumed.count("event: sentence") == len(answer["sentences"]) - 1
    assert "event: done" in resumed


def test_a_page_of_another_site_gets_no_socket(server: Any) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        connect(f"{server.url.replace('http', 'ws')}/api/v1/ws/answers", origin=Origin("https://evil.example"))


async def exercise(client: Client, document: dict[str, Any]) -> None:
    """Search, ask, and read what was cited."""
    found = await client.call_tool("search", {"query": "moons of Mars"})
    assert found.structured_content is not None
    assert found.structured_content["passages"][0]["document_id"] == document["id"]
    given: Any = (await client.call_tool("ask", {"question": QUESTION})).structured_content
    footnote = given["footnotes"][0]
    span = {name: footnote[name] for name in ("document_id", "start", "end")}
    read: Any = (await client.call_tool("read", span)).structured_content
    assert "two moons" in given["text"]
    assert read["text"] == footnote["quote"]


async def test_an_assistant_works_over_standard_input_and_output(server: Any, planets: dict[str, Any]) -> None:
    first, *rest = command("mcp")
    async with Client(StdioServerParameters(command=first, args=rest, env=environment(server.home))) as client:
        assert client.instructions is not None
        await exercise(client, planets)


@contextmanager
def assistants(home: Path, log: Path, *keys: str) -> Iterator[str]:
    """`footnote mcp --http` as a process of its own; its URL."""
    with log.open("w") as written:
        process = subprocess.Popen(
            command("mcp", "--http", "--port", "0"),
            env=environment(home, api_keys=",".join(keys)) if keys else environment(home),
            stdin=subprocess.DEVNULL,
            stderr=written,
        )
    try:
        while "ready for assistants: " not in (told := log.read_text().replace("\n", "")):
            assert process.poll() is None, told
            time.sleep(0.05)
        yield told.partition("ready for assistants: ")[2].partition("/mcp")[0] + "/mcp"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


async def test_an_assistant_works_over_http(server: Any, planets: dict[str, Any], tmp_path: Path) -> None:
    with assistants(server.home, tmp_path / "log") as url:
        async with Client(url) as client:
            await exercise(client, planets)


async def test_over_http_a_key_is_asked_for_where_one_is_set(server: Any, tmp_path: Path) -> None:
    with assistants(server.home, tmp_path / "log", "ann:secret") as url:
        async with httpx2.AsyncClient() as stranger:
            assert (await stranger.post(url, json={})).status_code == 401
        headers = {"Authorization": "Bearer secret"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            found: Any = (await client.call_tool("search", {"query": "moons of Mars"})).structured_content
    assert found["passages"] == []  # the documents are those of another person


@pytest.mark.usefixtures("planets")
def test_the_terminal_shows_sentences_with_their_footnotes(server: Any) -> None:
    done = subprocess.run(command("ask", QUESTION), env=environment(server.home), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text, _, notes = done.stdout.partition("Confidence")
    assert text.startswith("Mars has two moons. ")
    assert text.count("[1]") == 1  # behind all that is quoted together
    assert "“Mars has two moons." in notes


@pytest.mark.usefixtures("planets")
def test_with_json_there_is_one_answer_on_standard_output(server: Any) -> None:
    arguments = command("ask", QUESTION, "--conversation", "new", "--json")
    done = subprocess.run(arguments, env=environment(server.home), capture_output=True, text=True)
    answer = json.loads(done.stdout)
    assert answer["text"].startswith("Mars has two moons.")
    assert answer["conversation_id"]


@pytest.mark.usefixtures("planets")
def test_ctrl_c_ends_the_answer_and_lets_go_of_the_model(server: Any, silent_model: ChatServer) -> None:
    process = subprocess.Popen(
        command("ask", QUESTION),
        env=environment(server.home, **using(silent_model)),
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=partial(
            signal.signal, signal.SIGINT, signal.SIG_DFL
        ),  # which shells ignore in what runs behind them
    )
    assert process.stdout is not None
    shown = process.stdout.read(len("Mars has two moons."))
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (shown + rest).strip() == "Mars has two moons. [1]"
    assert silent_model.left.wait(30)


def test_who_leaves_lets_go_of_the_model(
    start_server: Callable[..., Any], ingest: Any, silent_model: ChatServer
) -> None:
    server = start_server(**using(silent_model))
    ingest(server, "planets.txt", PLANETS)
    body = {"question": QUESTION, "stream": True}
    with server.client.stream("POST", "/api/v1/answers", json=body) as response:
        for line in response.iter_lines():
            if line == "event: sentence":
                break
    assert silent_model.left.wait(30)


def test_assistants_and_clients_are_imported_only_where_they_run() -> None:
    modules = "import sys, footnote.config.main, footnote.config.app; sys.exit('mcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", modules]).returncode == 0
