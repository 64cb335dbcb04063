import re
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from footnote.modules.portal.api import ASSETS, router

STATIC = Path(__file__).parents[3] / "modules" / "portal" / "static"


@pytest.fixture(scope="module")
def client() -> TestClient[Litestar]:
    return TestClient(Litestar([router]))


@pytest.mark.parametrize("path", ["/", "/memories"])
def test_a_page_is_html(client: TestClient[Litestar], path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("main.js", "text/javascript; charset=utf-8"),
        ("footnote.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_a_file_states_its_type(client: TestClient[Litestar], name: str, media_type: str) -> None:
    assert client.get(f"/assets/{name}").headers["Content-Type"] == media_type


def test_an_unchanged_file_is_not_sent_again(client: TestClient[Litestar]) -> None:
    etag = client.get("/assets/main.js").headers["ETag"]
    again = client.get("/assets/main.js", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["absent.js", "..%2Fapi.py", "%2e%2e%2fassets.py"])
def test_nothing_but_its_files_is_served(client: TestClient[Litestar], name: str) -> None:
    assert client.get(f"/assets/{name}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/memories", "/assets/main.js"])
def test_the_policy_allows_this_server_alone(client: TestClient[Litestar], path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    sources = {source for directive in policy.split("; ") for source in directive.split()[1:]}
    assert sources == {"'none'", "'self'", "blob:"}


def test_the_pages_are_no_part_of_the_interface(client: TestClient[Litestar]) -> None:
    assert not client.app.openapi_schema.paths


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_no_file_names_an_address_elsewhere(name: str) -> None:
    text = ASSETS[name].content.decode().replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"https?://|[\"'(]//", text)


@pytest.mark.parametrize("name", [name for name in ASSETS if name.endswith(".html")])
def test_a_page_has_neither_inline_script_nor_inline_style(name: str) -> None:
    page = ASSETS[name].content.decode()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)", page)


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_no_script_makes_markup_of_text(path: Path) -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", path.read_text())


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_whatever_a_file_asks_for_is_there(name: str) -> None:
    text = ASSETS[name].content.decode()
    asked = re.findall(r"""(?:/assets/|from "\./)([\w.-]+)""", text)
    assert set(asked) <= set(ASSETS)
