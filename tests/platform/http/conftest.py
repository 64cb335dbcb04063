import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from footnote.platform.errors import Unauthenticated
from footnote.platform.http.app import HttpRules, install
from footnote.platform.http.identity import Credentials, Identity
from footnote.platform.http.problem import problem_details
from footnote.platform.http.server import Server, config, listen, url_of
from footnote.platform.principal import LOCAL, Principal

MakeClient = Callable[..., TestClient[Litestar]]


class StubAuthenticator:
    """`Bearer good` is a key, the cookie `footnote_session=good` a session."""

    async def authenticate(self, credentials: Credentials) -> Identity:
        mia = Principal(tenant="local", subject="mia")
        if credentials.authorization == "Bearer good":
            return Identity(principal=mia, means="key")
        if credentials.authorization is None and credentials.cookies.get("footnote_session") == "good":
            return Identity(principal=mia, means="session")
        raise Unauthenticated("Who is there?")


class OpenAuthenticator:
    async def authenticate(self, credentials: Credentials) -> Identity:
        return Identity(principal=LOCAL, means="local")


@pytest.fixture
def make_app() -> Callable[..., Litestar]:
    def make(*handlers: Any, keyed: bool = False, **rules: Any) -> Litestar:
        app = Litestar(list(handlers), plugins=[problem_details()], logging_config=None, request_max_body_size=None)
        authenticator = StubAuthenticator() if keyed else OpenAuthenticator()
        defaults = {
            "authenticator": authenticator,
            "is_local": not keyed,
            "bound_host": "127.0.0.1",
            "uploads": re.compile("POST /upload"),
        }
        return install(app, HttpRules(**(defaults | rules)))

    return make


@pytest.fixture
def make_client(make_app: Callable[..., Litestar]) -> Iterator[MakeClient]:
    with ExitStack() as stack:

        def make(*handlers: Any, **rules: Any) -> TestClient[Litestar]:
            client = TestClient(make_app(*handlers, **rules), base_url="http://127.0.0.1:8000")
            return stack.enter_context(client)

        yield make


Running = Callable[[Litestar], AbstractAsyncContextManager[tuple[Server, httpx.AsyncClient]]]


@pytest.fixture
def running() -> Running:
    @asynccontextmanager
    async def run(app: Litestar) -> AsyncIterator[tuple[Server, httpx.AsyncClient]]:
        listener = listen("127.0.0.1", 0)
        server = Server(config(app, grace_seconds=3))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(base_url=url_of(listener), timeout=20, trust_env=False) as client:
            yield server, client
        server.should_exit = True
        await serving

    return run
