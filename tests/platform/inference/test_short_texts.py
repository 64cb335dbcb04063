"""Short texts by OpenAI's client, against a server that speaks its wire format."""

from collections.abc import Iterator

import pytest
from support.model_server import ModelServer, chat
from support.models import KEY, remote_text
from support.wire import Reply

from footnote.platform.inference.calls import ModelFailed, ModelRefused


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer().serving() as server:
        yield server


@pytest.mark.parametrize(("is_compatible", "limit"), [(False, "max_completion_tokens"), (True, "max_tokens")])
async def test_the_prompt_and_a_limit_are_all_that_is_sent(
    server: ModelServer, is_compatible: bool, limit: str
) -> None:
    model = remote_text(server, is_compatible=is_compatible)
    assert await model.complete("one two three", max_tokens=9) == "3 words"
    [request] = server.requests
    messages = [{"role": "user", "content": "one two three"}]
    assert request.content == {"model": model.endpoint.model, "messages": messages, limit: 9}
    assert request.headers["authorization"] == f"Bearer {KEY}"
    await model.close()


async def test_a_passing_failure_is_tried_again(server: ModelServer) -> None:
    model = remote_text(server)
    server.replies = [Reply({}, 500), Reply({}, 429), Reply(b"{")]
    assert await model.complete("one") == "1 words"
    assert len(server.requests) == 4
    await model.close()


async def test_a_wrong_key_is_told(server: ModelServer) -> None:
    model = remote_text(server)
    server.replies = [Reply({"error": {"message": f"Incorrect API key provided: {KEY}"}}, 401)]
    with pytest.raises(ModelRefused) as caught:
        await model.complete("one")
    assert KEY not in str(caught.value.to_problem())
    await model.close()


@pytest.mark.parametrize("text", [None, "", " "])
async def test_an_empty_text_is_a_failure(server: ModelServer, text: str | None) -> None:
    model = remote_text(server)
    server.replies = [chat(text)]
    with pytest.raises(ModelFailed, match="empty text"):
        await model.complete("one")
    await model.close()
