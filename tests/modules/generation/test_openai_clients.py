"""OpenAI's own client library against a running server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import openai
import pytest
from litestar import Litestar
from litestar.di import Provide
from support.chat_models import OneModel
from support.live import live

from footnote.modules.access.authenticators import KeyAuthenticator
from footnote.modules.access.keys import parse_api_keys
from footnote.modules.access.sessions import Sessions
from footnote.modules.generation.openai_api.errors import openai_error
from footnote.modules.generation.openai_api.handlers import ModelList, router
from footnote.modules.generation.streams import AnswerStreams
from footnote.platform.errors import Unavailable
from footnote.platform.http.app import HttpRules, install
from footnote.platform.http.error_form import ErrorForm
from footnote.platform.http.principal import provide_principal
from footnote.platform.http.problem import problem_details
from footnote.platform.inference import ModelState

DRAFT = "Mars has two moons. [1] Mars is ruled by cats. [1] A day there lasts 243 days. [2]"
TEXT = "Mars has two moons. A day there lasts 243 days."
MODEL = "test:scripted"
ASKED: list[Any] = [{"role": "user", "content": "How many moons?"}]


class Listed(OneModel):
    async def states(self, _principal: Any) -> list[ModelState]:
        facts = {"provider": "test", "local": True, "default": True, "context_tokens": 8192}
        return [
            ModelState(name=MODEL, state="ready", **facts),
            ModelState(name="test:locked", state="no_key", **facts),
        ]


@asynccontextmanager
async def client_of(desk: Any, key: str = "ann-secret") -> AsyncIterator[openai.AsyncOpenAI]:
    keys = parse_api_keys(["ann:ann-secret"])
    streams = AnswerStreams(desk.service)
    given = {"generation": desk.service, "streams": streams, "model_list": ModelList(Listed(desk.model))}
    app = Litestar(
        [router],
        plugins=[problem_details()],
        logging_config=None,
        on_shutdown=[streams.close],
        dependencies={"principal": Provide(provide_principal), **{name: served(it) for name, it in given.items()}},
    )
    install(
        app, HttpRules(authenticator=KeyAuthenticator(keys, Sessions(keys)), is_local=False, bound_host="127.0.0.1")
    )
    app.asgi_handler = ErrorForm(app.asgi_handler, prefix="/v1/", translate=openai_error)
    async with live(app) as url, openai.AsyncOpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) as client:
        yield client


def served(service: Any) -> Provide:
    return Provide(lambda: service, sync_to_thread=False)


async def test_it_lists_the_models_that_can_be_asked(make_desk: Any) -> None:
    async with client_of(make_desk(DRAFT)) as client:
        assert [(model.id, model.owned_by) for model in (await client.models.list()).data] == [(MODEL, "test")]
        assert (await client.models.retrieve(MODEL)).id == MODEL
        with pytest.raises(openai.NotFoundError):
            await client.models.retrieve("test:locked")


async def test_a_chat_gives_the_checked_text_with_its_citations(make_desk: Any) -> None:
    async with client_of(make_desk(DRAFT)) as client:
        chat = await client.chat.completions.create(model=MODEL, messages=ASKED)
        url = str(client.base_url).removesuffix("v1/")
    message = chat.choices[0].message
    assert message.content == TEXT
    cited = [note.url_citation for note in message.annotations or ()]
    assert [TEXT[each.start_index : each.end_index] for each in cited] == [
        "Mars has two moons.",
        "A day there lasts 243 days.",
    ]
    assert cited[0].url.startswith(f"{url}api/v1/documents/mars/pages/1.png?version=1&start=")
    assert chat.choices[0].finish_reason == "stop"


async def test_usage_is_counted_and_what_only_footnote_knows_comes_along(make_desk: Any) -> None:
    async with client_of(make_desk(DRAFT)) as client:
        chat = await client.chat.completions.create(model=MODEL, messages=ASKED)
    assert chat.usage is not None
    assert (chat.usage.prompt_tokens, chat.usage.completion_tokens, chat.usage.total_tokens) == (7, 5, 12)
    told = (chat.model_extra or {})["footnote"]
    assert (told["abstained"], told["withheld"]) == (False, 1)
    assert chat.id == f"chatcmpl-{told['answer_id']}"


async def test_a_stream_is_the_same_in_pieces(make_desk: Any) -> None:
    async with client_of(make_desk(DRAFT)) as client:
        stream = await client.chat.completions.create(
            model=MODEL, messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in stream]
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == TEXT
    spans = [
        (note["url_citation"]["start_index"], note["url_citation"]["end_index"])
        for delta in deltas
        for note in (delta.model_extra or {}).get("annotations", ())
    ]
    assert [TEXT[start:end] for start, end in spans] == ["Mars has two moons.", "A day there lasts 243 days."]
    assert chunks[-1].usage is not None
    assert chunks[-2].choices[0].finish_reason == "stop"


async def test_neighbours_that_share_a_footnote_have_one_annotation(make_desk: Any) -> None:
    quoted = "Mars has two moons. Phobos is the larger."
    desk = make_desk(
        "Mars has two moons. [1]\nPhobos is the larger. [1]\nIt is red. [2]\n", mars=quoted, dust="It is red."
    )
    async with client_of(desk) as client:
        chat = await client.chat.completions.create(model=MODEL, messages=ASKED)
        stream = await client.chat.completions.create(model=MODEL, messages=ASKED, stream=True)
        deltas = [chunk.choices[0].delta async for chunk in stream]
    whole = [note.url_citation.model_dump() for note in chat.choices[0].message.annotations or ()]
    text = chat.choices[0].message.content or ""
    assert [text[note["start_index"] : note["end_index"]] for note in whole] == [quoted, "It is red."]
    told = [note["url_citation"] for delta in deltas for note in (delta.model_extra or {}).get("annotations", ())]
    assert told == whole


@pytest.mark.parametrize("stream", [False, True])
async def test_withheld_text_reaches_no_client(make_desk: Any, stream: bool) -> None:
    async with client_of(make_desk(DRAFT)) as client:
        ask: Any = client.chat.completions.with_raw_response.create
        response = await ask(model=MODEL, messages=ASKED, stream=stream)
        body = await response.http_response.aread()
    assert b"two moons" in body
    assert b"cats" not in body


async def test_earlier_messages_are_the_conversation_and_those_of_the_system_wishes(make_desk: Any) -> None:
    desk = make_desk(DRAFT, quotes=False)
    messages: list[Any] = [
        {"role": "system", "content": "Answer like a pirate."},
        {"role": "user", "content": "Which planets are there?"},
        {"role": "assistant", "content": "Mars and Venus."},
        {"role": "user", "content": [{"type": "text", "text": "How many moons has Mars?"}]},
    ]
    async with client_of(desk) as client:
        chat = await client.chat.completions.create(model=MODEL, messages=messages)
    told = (chat.model_extra or {})["footnote"]
    answer = await desk.service.read(parse_api_keys(["ann:ann-secret"])[0].principal, told["answer_id"])
    assert (answer.question, answer.asked.instructions) == ("How many moons has Mars?", "Answer like a pirate.")
    assert chat.choices[0].message.content == TEXT


async def test_extra_fields_reach_the_question(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    extra = {"footnote": {"filters": {"language": "en"}, "options": {"grounding": "annotate", "top_k": 2}}}
    async with client_of(desk) as client:
        chat = await client.chat.completions.create(model=MODEL, messages=ASKED, temperature=0.2, extra_body=extra)
    assert "cats" in (chat.choices[0].message.content or "")
    assert [(query.filters, query.top_k) for query in desk.library.queries] == [({"language": "en"}, 2)]


async def test_a_wrong_key_is_an_authentication_error(make_desk: Any) -> None:
    async with client_of(make_desk(DRAFT), key="wrong") as client:
        with pytest.raises(openai.AuthenticationError) as raised:
            await client.models.list()
    assert raised.value.code == "invalid_api_key"


async def test_an_unknown_model_is_not_found(make_desk: Any) -> None:
    async with client_of(make_desk(DRAFT)) as client:
        with pytest.raises(openai.NotFoundError) as raised:
            await client.chat.completions.create(model="gpt-none", messages=ASKED)
    assert raised.value.code == "model_not_found"
    assert "test:scripted" in raised.value.message


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"n": 2}, "n"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "assistant", "content": "Hello."}]}, "messages"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
            "messages[0]",
        ),
        ({"messages": [{"role": "system", "content": "x" * 9000}, *ASKED]}, "messages"),
        ({"extra_body": {"footnote": {"mood": "bad"}}}, ""),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
async def test_what_is_not_done_here_is_a_bad_request(
    make_desk: Any, changes: dict[str, Any], parameter: str, stream: bool
) -> None:
    async with client_of(make_desk(DRAFT)) as client:
        with pytest.raises(openai.BadRequestError) as raised:
            await client.chat.completions.create(**{"model": MODEL, "messages": ASKED, "stream": stream, **changes})
    assert (raised.value.param or "").startswith(parameter)


async def test_a_model_that_is_away_is_a_server_error(make_desk: Any) -> None:
    async with client_of(make_desk(Unavailable("The model is gone."))) as client:
        with pytest.raises(openai.InternalServerError):
            await client.chat.completions.create(model=MODEL, messages=ASKED)


async def test_an_error_midway_ends_the_stream_with_it(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1] And", Unavailable("The model is gone."), quotes=False)
    async with client_of(desk) as client:
        stream = await client.chat.completions.create(model=MODEL, messages=ASKED, stream=True)
        heard = []
        with pytest.raises(openai.APIError, match="gone"):
            async for chunk in stream:
                heard += [choice.delta for choice in chunk.choices]
    assert "".join(delta.content or "" for delta in heard) == "Mars has two moons."
    assert "annotations" in (heard[-1].model_extra or {})


@pytest.mark.parametrize("stream", [False, True])
async def test_a_client_who_leaves_cancels_the_model(make_desk: Any, stream: bool) -> None:
    desk = make_desk(DRAFT * 300, pause=0.005)
    async with client_of(desk) as client:
        asking = asyncio.create_task(consumed(client, stream))
        while not desk.model.requests:
            await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        while not desk.model.is_closed:
            await asyncio.sleep(0.01)
    assert await desk.stored() == ""


async def consumed(client: openai.AsyncOpenAI, stream: bool) -> None:
    ask: Any = client.chat.completions.create
    chat = await ask(model=MODEL, messages=ASKED, stream=stream)
    if stream:
        async with chat:
            async for _ in chat:
                pass
