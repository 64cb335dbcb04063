from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import TestClient

from footnote.modules.access.api import router
from footnote.modules.access.attempts import LoginAttempts
from footnote.modules.access.authenticators import KeyAuthenticator, LocalAuthenticator
from footnote.modules.access.keys import parse_api_keys
from footnote.modules.access.service import AccessService
from footnote.modules.access.sessions import Sessions
from footnote.platform.http.app import HttpRules, install
from footnote.platform.http.principal import provide_principal
from footnote.platform.http.problem import problem_details

MakeClient = Callable[..., TestClient[Litestar]]
OWN_PAGE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def make_client() -> Iterator[MakeClient]:
    with ExitStack() as stack:

        def make(*keys: str, base_url: str = "http://127.0.0.1:8000") -> TestClient[Litestar]:
            parsed = parse_api_keys(keys)
            sessions = Sessions(parsed)
            access = AccessService(parsed, sessions, LoginAttempts())
            app = Litestar(
                [router],
                dependencies={
                    "access": Provide(lambda: access, sync_to_thread=False),
                    "principal": Provide(provide_principal),
                },
                plugins=[problem_details()],
                logging_config=None,
            )
            authenticator = KeyAuthenticator(parsed, sessions) if keys else LocalAuthenticator()
            rules = HttpRules(authenticator=authenticator, is_local=not keys, bound_host="127.0.0.1")
            return stack.enter_context(TestClient(install(app, rules), base_url=base_url))

        yield make


def sign_in(client: TestClient[Litestar], key: str) -> Any:
    return client.post("/api/v1/auth/login", json={"api_key": key})


def test_without_keys_there_is_one_local_person(make_client: MakeClient) -> None:
    assert make_client().get("/api/v1/auth/me").json() == {
        "tenant": "local",
        "subject": "local",
        "roles": ["admin"],
        "groups": [],
        "authentication": "local",
    }


def test_a_key_says_who_is_asking(make_client: MakeClient) -> None:
    me = make_client("mia:s3cret").get("/api/v1/auth/me", headers={"authorization": "bearer s3cret"}).json()
    assert (me["subject"], me["roles"], me["authentication"]) == ("mia", ["member"], "key")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic s3cret", "s3cret", "Bearer s3cret s3cret", "Bearer mia"]
)
def test_anything_but_a_key_names_nobody(make_client: MakeClient, header: str) -> None:
    response = make_client("mia:s3cret").get("/api/v1/auth/me", headers={"authorization": header})
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


def test_signing_in_gives_a_session(make_client: MakeClient) -> None:
    client = make_client("mia:s3cret")
    assert sign_in(client, "s3cret").status_code == 204
    assert client.get("/api/v1/auth/me").json()["authentication"] == "session"


def test_no_script_and_no_other_site_gets_the_session(make_client: MakeClient) -> None:
    cookie = sign_in(make_client("mia:s3cret"), "s3cret").headers["set-cookie"]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes == {"httponly", "samesite=strict", "path=/", "max-age=43200"}


def test_a_session_over_tls_stays_there(make_client: MakeClient) -> None:
    client = make_client("mia:s3cret", base_url="https://docs.example.org")
    assert "secure" in sign_in(client, "s3cret").headers["set-cookie"].lower()


@pytest.mark.parametrize("key", ["wrong", "mia", "mia:s3cret", "s3cret\n", "é"])
def test_a_wrong_key_gives_no_session(make_client: MakeClient, key: str) -> None:
    response = sign_in(make_client("mia:s3cret"), key)
    assert (response.status_code, response.json()["type"]) == (401, "/problems/wrong-key")
    assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    "body", [{}, {"api_key": ""}, {"api_key": 7}, {"api_key": "a" * 1025}, {"api_key": "a", "b": 1}]
)
def test_a_malformed_login_is_refused(make_client: MakeClient, body: dict[str, Any]) -> None:
    assert make_client("mia:s3cret").post("/api/v1/auth/login", json=body).status_code == 400


def test_guessing_is_slowed_down(make_client: MakeClient) -> None:
    client = make_client("mia:s3cret")
    statuses = [sign_in(client, f"guess-{number}").status_code for number in range(10)]
    refusal = sign_in(client, "s3cret")
    assert (set(statuses), refusal.status_code) == ({401}, 429)
    assert 1 <= int(refusal.headers["retry-after"]) <= 60


def test_signing_out_takes_the_session_back(make_client: MakeClient) -> None:
    client = make_client("mia:s3cret")
    sign_in(client, "s3cret")
    assert client.post("/api/v1/auth/logout", headers=OWN_PAGE).status_code == 204
    assert client.get("/api/v1/auth/me").status_code == 401


def test_a_foreign_page_cannot_sign_anybody_out(make_client: MakeClient) -> None:
    client = make_client("mia:s3cret")
    sign_in(client, "s3cret")
    assert client.post("/api/v1/auth/logout", headers={"origin": "https://evil.example"}).status_code == 403
    assert client.get("/api/v1/auth/me").status_code == 200


def test_where_there_are_no_keys_nobody_signs_in(make_client: MakeClient) -> None:
    assert sign_in(make_client(), "anything").status_code == 401
