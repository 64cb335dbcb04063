"""Files made to do harm, sent to the running product: it says what is wrong with each, and goes on."""

import json
import re
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.archives import compound, with_symlink, zipped
from support.hostile_files import (
    HELLO,
    archive_of,
    billion_laughs,
    book,
    nested_archives,
    open_text,
    paragraph,
    pdf,
    pdf_page,
    png,
    row,
    slides,
    stream,
    with_entities,
    word,
    workbook,
    zeros,
)

SETTLED = {"ready", "failed", "cancelled"}
OF_THE_MACHINE = re.compile(r"Traceback|site-packages|\.py\b|/tmp|/home|/work|0x[0-9a-f]{6}")
MOST_INSIDE = 12
DEEP = 20_000
KEYS = {"ann": "ann-secret-of-some-length", "bob": "bob-secret-of-some-length"}
ENDINGS = "txt md html csv json xml rtf vtt pdf docx pptx xlsx doc odt epub eml msg zip png tif wav mp3"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, server_class: Any) -> Iterator[Any]:
    """A server with limits that are soon reached, and its client with the key of one of two owners."""
    server = server_class(
        tmp_path_factory.mktemp("hostile") / "inside",
        max_upload_bytes="20 MB",
        extract_timeout_seconds=20,
        extract_memory_bytes="1 GiB",
        unpacked_bytes="32 MB",
        max_attachments=MOST_INSIDE,
        api_keys=",".join(f"{name}:{secret}" for name, secret in KEYS.items()),
    )
    server.start()
    server.client.headers["Authorization"] = f"Bearer {KEYS['ann']}"
    yield server
    server.stop()


@pytest.fixture
def bob(hostile: Any) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {KEYS['bob']}"}
    with httpx.Client(base_url=hostile.url, headers=headers, timeout=60) as client:
        yield client


def upload(server: Any, name: str, content: bytes) -> dict[str, Any]:
    response = server.client.post("/api/v1/documents", files={"file": (name, content)})
    assert response.status_code == 202, response.text
    document: dict[str, Any] = response.json()["items"][0]
    return document


def settled(server: Any, document_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while True:
        document: dict[str, Any] = server.client.get(f"/api/v1/documents/{document_id}").json()
        if document["status"] in SETTLED:
            return document
        assert time.monotonic() < deadline, document
        time.sleep(0.02)


def ingested(server: Any, name: str, content: bytes) -> dict[str, Any]:
    return settled(server, upload(server, name, content)["id"])


def text_of(server: Any, document: dict[str, Any]) -> str:
    text: str = server.client.get(f"/api/v1/documents/{document['id']}/text").text
    return text


def inside(server: Any, document: dict[str, Any]) -> list[dict[str, Any]]:
    """All that came in the document, however deeply, once it is settled."""
    asked = {"parent_id": document["id"], "limit": 200}
    children = server.client.get("/api/v1/documents", params=asked).json()["items"]
    found = [settled(server, child["id"]) for child in children]
    return [*found, *(deeper for child in found for deeper in inside(server, child))]


def folded(document: dict[str, Any]) -> tuple[str, str | None]:
    return document["status"], (document["error"] or {}).get("type", "").removeprefix("/problems/") or None


HARMFUL: dict[str, tuple[str, Callable[[], bytes], str | None]] = {
    "an archive of zeros": ("a.zip", lambda: zipped({"a.txt": zeros(100), "b.txt": "Words."}), None),
    "a book of zeros": ("a.epub", lambda: book("", chapter=zeros(100)), "too-expensive"),
    "a workbook of zeros": ("a.xlsx", lambda: workbook(sheet=zeros(100)), "too-expensive"),
    "a text document of zeros": ("a.odt", lambda: open_text("", content=zeros(100)), "damaged-file"),
    "a Word file of zeros": ("a.docx", lambda: word(document=zeros(100)), "damaged-file"),
    "a Word file of one word": (
        "a.docx",
        lambda: word(paragraph("w" * (40 << 20))),
        "too-expensive",
    ),
    "tables in tables": (
        "a.docx",
        lambda: word("<w:tbl><w:tr><w:tc>" * DEEP + paragraph("x") + "</w:tc></w:tr></w:tbl>" * DEEP),
        "too-expensive",
    ),
    "a book that repeats": ("a.epub", lambda: book("A chapter.", times=20_000), None),
    "a PDF of blanks": (
        "a.pdf",
        lambda: pdf_page(zlib.compress(b" " * (50 << 20)), entries="/Filter/FlateDecode"),
        "no-text",
    ),
    "a PDF of a million pages": (
        "a.pdf",
        lambda: pdf(
            [
                "<</Type/Catalog/Pages 2 0 R>>",
                "<</Type/Pages/Kids[3 0 R]/Count 1000000>>",
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
            ]
        ),
        "too-expensive",
    ),
    "pages that hold themselves": (
        "a.pdf",
        lambda: pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9/Parent 2 0 R>>"]),
        "no-text",
    ),
    "an outline in a circle": (
        "a.pdf",
        lambda: pdf_page(
            HELLO,
            "<</First 7 0 R/Last 7 0 R>>",
            "<</Title(A)/Parent 6 0 R/Next 7 0 R/First 7 0 R>>",
            catalog="/Outlines 6 0 R",
        ),
        None,
    ),
    "names in a circle": (
        "a.pdf",
        lambda: pdf_page(HELLO, "<</Kids[6 0 R]>>", catalog="/Names<</EmbeddedFiles 6 0 R/JavaScript 6 0 R>>"),
        None,
    ),
    "brackets in brackets": ("a.pdf", lambda: pdf_page(page="/X" + "[" * DEEP + "]" * DEEP), None),
    "a page of a billion points": ("a.pdf", lambda: pdf_page(box="[0 0 1000000000 1000000000]"), None),
    "a page of no size": ("a.pdf", lambda: pdf_page(box="[0 0 0 0]"), None),
    "a page that is no number": ("a.pdf", lambda: pdf_page(box="[0 0 NaN (x)]"), None),
    "a page of less than nothing": ("a.pdf", lambda: pdf_page(box="[0 0 -612 -792]"), "no-text"),
    "a PDF that runs programs": (
        "a.pdf",
        lambda: pdf_page(
            HELLO,
            "<</Type/Filespec/F(../../x.txt)/EF<</F 7 0 R>>>>",
            stream(b"Embedded."),
            catalog="/OpenAction<</S/Launch/F(/bin/sh)>>/Names<</EmbeddedFiles<</Names[(x)6 0 R]>>>>",
        ),
        None,
    ),
    "a PNG of billions of pixels": ("a.png", lambda: png(2_000_000_000, 2_000_000_000, b""), "too-expensive"),
    "a PNG that is packed tightly": ("a.png", lambda: png(20_000, 20_000, b""), "too-expensive"),
    "a file of two kinds": ("a.pdf", lambda: pdf_page() + zipped({"b.txt": "Words of the archive."}), None),
    "tags in tags": ("a.html", lambda: b"<p>Words.</p>" + b"<div>" * DEEP + b"deep", None),
    "brackets without end": ("a.json", lambda: b"[" * 100_000 + b"1" + b"]" * 100_000, "damaged-file"),
    "groups in groups": ("a.rtf", lambda: b"{\\rtf1 Words. " + b"{" * DEEP + b"}" * DEEP + b"}", None),
    "times before the beginning": (
        "a.srt",
        lambda: b"1\n-00:00:05,000 --> 00:00:-1,000\nnegative\n\n2\n00:00:02,000 --> 00:00:01,000\nbackwards\n",
        None,
    ),
    "a compound file in a circle": ("a.msg", lambda: compound({"__properties_version1.0": b"x"}), "no-text"),
}


@pytest.mark.parametrize("kind", HARMFUL)
def test_a_file_made_to_harm_ends_and_says_why(hostile: Any, kind: str) -> None:
    name, make, expected = HARMFUL[kind]
    document = ingested(hostile, f"{kind}{Path(name).suffix}", make())
    assert folded(document) == ("failed" if expected else "ready", expected)
    assert not OF_THE_MACHINE.search(json.dumps([document["error"], document["warnings"]]))
    assert ingested(hostile, "calm.txt", f"A calm file after {kind}.".encode())["status"] == "ready"


@pytest.mark.parametrize("name", with_entities("", ""))
def test_entities_that_multiply_are_refused_or_left(hostile: Any, name: str) -> None:
    document = ingested(hostile, f"laughs {name}", with_entities(billion_laughs(), "&a9;")[name])
    if document["status"] == "ready":
        assert "haha" not in text_of(hostile, document)
    else:
        assert folded(document)[1] in ("damaged-file", "too-expensive")


@pytest.mark.parametrize("name", with_entities("", ""))
def test_entities_from_elsewhere_are_not_fetched(hostile: Any, tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("The secret of the machine.")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        declarations = f'<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y SYSTEM "{address}">'
        document = ingested(hostile, f"outside {name}", with_entities(declarations, "see &x; and &y; there")[name])
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert "secret of" not in text_of(hostile, document)


def test_archives_in_archives_do_not_multiply(hostile: Any) -> None:
    document = ingested(hostile, "nested.zip", nested_archives(6, 4))
    found = inside(hostile, document)
    assert len(found) <= MOST_INSIDE
    assert any("were left" in warning for each in found for warning in each["warnings"])


def test_names_in_an_archive_stay_names(hostile: Any) -> None:
    names = ["../../../escaped.txt", "/etc/cron.d/x.txt", "..\\..\\y.txt", "nul\0name.txt", "\u202etxt.exe.txt"]
    names += ["x" * 10_000 + ".txt", "\N{GRINNING FACE}" * 255 + ".txt", "line\r\nbreak.txt", "<b>bold</b>.txt"]
    document = ingested(hostile, "names.zip", archive_of(names))
    found = inside(hostile, document)
    assert {child["status"] for child in found} == {"ready"}
    assert all(is_harmless(child["filename"]) and is_harmless(child["title"]) for child in found)
    assert not list(hostile.home.parent.glob("**/escaped*"))


def test_links_in_an_archive_are_not_followed(hostile: Any) -> None:
    document = ingested(hostile, "links.zip", with_symlink("passwords.txt", "/etc/passwd"))
    assert [child["filename"] for child in inside(hostile, document)] == ["real.txt"]


@pytest.mark.parametrize(
    "name",
    ["x" * 1000, "\N{GRINNING FACE}" * 300, "\u202etxt.exe", "a\x01b.txt", "..", 'q"; x="y.txt'],
)
def test_a_name_of_an_upload_comes_out_harmless(hostile: Any, name: str) -> None:
    document = ingested(hostile, name, f"Words in {len(name)} {name[:5]!r}.".encode())
    assert is_harmless(document["filename"])
    header = hostile.client.get(f"/api/v1/documents/{document['id']}/content").headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[A-Za-z0-9._~%-]+", header)


def test_formulas_stay_text(hostile: Any) -> None:
    formulas = ["=1+1", "+2", "-3+4", "@SUM(A1)", "=cmd|' /C calc'!A0"]
    table = ",".join(["a", "b", "c", "d", "e"]) + "\n" + ",".join(formulas) + "\n"
    for name, content in {"f.csv": table.encode(), "f.xlsx": workbook(row(*formulas))}.items():
        text = text_of(hostile, ingested(hostile, name, content))
        assert all(formula in text for formula in formulas)


def test_macros_are_kept_out_of_the_text(hostile: Any) -> None:
    macros = {"word/vbaProject.bin": compound({"VBA": b"Shell calc.exe"})}
    document = ingested(hostile, "macros.docm", word(paragraph("A letter."), **macros))
    assert text_of(hostile, document) == "A letter."


def test_a_harmful_new_version_leaves_the_old_one(hostile: Any) -> None:
    document = ingested(hostile, "good.txt", b"The lamp burns well.")
    path = f"/api/v1/documents/{document['id']}"
    assert hostile.client.put(f"{path}/content", content=workbook(sheet=zeros(101))).status_code == 202
    assert folded(settled(hostile, document["id"])) == ("failed", "too-expensive")
    assert text_of(hostile, document) == "The lamp burns well."


def test_a_single_byte_of_any_kind_is_settled_or_refused(hostile: Any) -> None:
    for number, ending in enumerate(ENDINGS.split()):
        content = bytes((33 + number,))
        response = hostile.client.post("/api/v1/documents", files={"file": (f"one.{ending}", content)})
        assert response.status_code in (202, 415), response.text
        for document in response.json().get("items", []):
            assert settled(hostile, document["id"])["status"] in SETTLED


def test_nothing_is_left_of_the_work(hostile: Any) -> None:
    document = ingested(hostile, "last.pptx", slides("The last words."))
    assert document["status"] == "ready"
    assert not [path for path in (hostile.home / "scratch").rglob("*") if path.is_file()]
    assert [path.name for path in hostile.home.parent.iterdir()] == [hostile.home.name]


def is_harmless(name: str) -> bool:
    return name.isprintable() and 0 < len(name) <= 255 and not re.search(r"[/\\\0]", name) and name not in (".", "..")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/content"),
        ("GET", "/text"),
        ("GET", "/pages/1.png"),
        ("GET", "/events"),
        ("PUT", "/content"),
        ("PATCH", ""),
        ("POST", "/reindex"),
        ("POST", "/retry"),
        ("POST", "/cancel"),
        ("DELETE", ""),
    ],
)
def test_what_belongs_to_another_is_not_there(hostile: Any, bob: httpx.Client, method: str, path: str) -> None:
    own = hostile.client.post("/api/v1/documents", files={"file": ("a.txt", b"Ann's words.")}).json()["items"][0]
    content = b"{}" if method in ("PATCH", "POST") else b"Bob's words." if method == "PUT" else None
    asked = bob.request(
        method, f"/api/v1/documents/{own['id']}{path}", content=content, headers={"Content-Type": "application/json"}
    )
    assert (asked.status_code, asked.json()["type"]) == (404, "/problems/document-not-found")


def test_what_came_in_anothers_file_is_not_listed(hostile: Any, bob: httpx.Client) -> None:
    packed = zipped({"inside.txt": "Ann's words inside."})
    folder = hostile.client.post("/api/v1/documents", files={"file": ("a.zip", packed)}).json()["items"][0]
    asked = {"parent_id": folder["id"]}
    while not (children := hostile.client.get("/api/v1/documents", params=asked).json()["items"]):
        time.sleep(0.02)
    assert bob.get("/api/v1/documents", params=asked).json()["items"] == []
    assert bob.get(f"/api/v1/documents/{children[0]['id']}").status_code == 404


@pytest.mark.parametrize("action", ["pause", "resume"])
def test_only_an_admin_stops_the_work_of_all(bob: httpx.Client, action: str) -> None:
    assert bob.post(f"/api/v1/documents:{action}").status_code == 404
