import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from litestar import Litestar, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody

from footnote.modules.access.api import router as access_router
from footnote.modules.access.attempts import LoginAttempts
from footnote.modules.access.authenticators import KeyAuthenticator, LocalAuthenticator
from footnote.modules.access.keys import parse_api_keys
from footnote.modules.access.service import AccessService
from footnote.modules.access.sessions import Sessions
from footnote.platform.http.app import HttpRules, install
from footnote.platform.http.principal import provide_principal
from footnote.platform.http.problem import problem_details
from footnote.platform.http.server import Server, config, listen
from footnote.platform.principal import Principal

Serving = Callable[..., AbstractAsyncContextManager[int]]


@get("/api/v1/documents")
async def read_documents(principal: NamedDependency[Principal]) -> str:
    return f"the documents of {principal.subject}"


@post("/api/v1/search")
async def search(data: JSONBody[dict[str, str]], principal: NamedDependency[Principal]) -> str:
    return f"what {principal.subject} finds"


def make_app(*keys: str) -> Litestar:
    parsed = parse_api_keys(keys)
    sessions = Sessions(parsed)
    access = AccessService(parsed, sessions, LoginAttempts())
    app = Litestar(
        [access_router, read_documents, search],
        dependencies={
            "access": Provide(lambda: access, sync_to_thread=False),
            "principal": Provide(provide_principal),
        },
        plugins=[problem_details()],
        logging_config=None,
        request_max_body_size=None,
    )
    authenticator = KeyAuthenticator(parsed, sessions) if keys else LocalAuthenticator()
    return install(app, HttpRules(authenticator=authenticator, is_local=not keys, bound_host="127.0.0.1"))


@pytest.fixture
def serving() -> Serving:
    """`serving(*keys)` runs a server and gives its port."""

    @asynccontextmanager
    async def serve(*keys: str) -> AsyncIterator[int]:
        listener = listen("127.0.0.1", 0)
        server = Server(config(make_app(*keys), grace_seconds=3))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        await running

    return serve
