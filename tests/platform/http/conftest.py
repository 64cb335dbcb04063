import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from opentelemetry.sdk.trace import TracerProvider

from footnote.platform.errors import Unauthenticated
from footnote.platform.http.app import HttpRules, install
from footnote.platform.http.identity import Credentials, Identity
from footnote.platform.http.problem import problem_details
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


@pytest.fixture
def tracing() -> Iterator[None]:
    """A span around the test, so that there is a trace id."""
    with TracerProvider().get_tracer("test").start_as_current_span("test"):
        yield
