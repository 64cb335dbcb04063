"""What people and programs send by mistake or on purpose: each a clear problem, and the server goes on."""

import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Pdf = Callable[..., bytes]
Ingest = Callable[..., dict[str, Any]]

SEVEN_ZIP = b"7z\xbc\xaf'\x1c\x00\x04" + bytes(64)


def make_png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


@pytest.fixture(autouse=True)
def goes_on(server: Any) -> Iterator[None]:
    yield
    assert server.is_running
    assert server.client.get("/ready").status_code == 200


def problem(response: Any) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "trace_id"} <= response.json().keys()
    return response.status_code, response.json()["type"]


def upload(server: Any, name: str, content: bytes) -> Any:
    return server.client.post("/api/v1/documents", files={"file": (name, content)})


def test_an_empty_file(server: Any) -> None:
    assert problem(upload(server, "empty.txt", b"")) == (422, "/problems/empty-file")


def test_a_packed_file_named_pdf(server: Any) -> None:
    response = upload(server, "report.pdf", SEVEN_ZIP)
    assert problem(response) == (415, "/problems/unsupported-document")
    assert response.json()["media_type"] == "application/x-7z-compressed"


def test_a_picture_named_pdf_is_read_as_the_picture_that_it_is(server: Any, ingest: Ingest) -> None:
    document = ingest(server, "report.pdf", make_png())
    assert (document["media_type"], document["status"]) == ("image/png", "failed")
    assert document["error"]["title"] in ("No text found", "Scans cannot be read here yet")


def test_bytes_that_are_nothing(server: Any) -> None:
    assert problem(upload(server, "noise.txt", bytes(range(256)) * 50)) == (415, "/problems/unsupported-document")


def test_a_truncated_pdf(server: Any, ingest: Ingest, pdf: Pdf) -> None:
    whole = pdf("The first page.", "The second page.")
    document = ingest(server, "cut.pdf", whole[: len(whole) // 3])
    assert (document["status"], document["error"]["type"]) == ("failed", "/problems/damaged-file")


def test_a_pdf_with_a_password(server: Any, ingest: Ingest, pdf: Pdf) -> None:
    document = ingest(server, "secret.pdf", pdf("Nobody reads this.", password="hush"))
    assert (document["status"], document["error"]["type"]) == ("failed", "/problems/password-protected")


def test_invalid_utf8_is_read_as_what_it_most_likely_is(server: Any, ingest: Ingest) -> None:
    text = "Der Müller mahlt das Korn für die Bäcker. Die Mühle steht am Fluß, und das Rad dreht sich müde. " * 5
    document = ingest(server, "muehle.txt", text.encode("latin-1"))
    assert document["status"] == "ready"
    assert document["warnings"]
    assert "Mühle" in server.client.get(f"/api/v1/documents/{document['id']}/text").text


def test_a_file_over_the_limit(server: Any) -> None:
    assert problem(upload(server, "big.txt", b"x" * 20_500_000)) == (413, "/problems/upload-too-large")


def test_an_upload_of_300_megabytes_of_unknown_length(server: Any) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="big.txt"\r\n\r\n'
        for _ in range(300):
            yield b"x" * 1_000_000

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    response = server.client.post("/api/v1/documents", content=endless(), headers=headers)
    assert problem(response)[0] == 413


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/search", b'{"query": '),
        ("/api/v1/search", b'{"query": "a", "colour": "red"}'),
        ("/api/v1/search", b'{"query": 7}'),
        ("/api/v1/search", b'{"query": "\xff\xfe"}'),
        ("/api/v1/answers", b"[]"),
        ("/api/v1/answers", b'{"question": "a", "options": {"grounding": "never"}}'),
        ("/api/v1/answers", b"[" * 100_000),
    ],
)
def test_a_body_that_is_not_of_the_form(server: Any, path: str, body: bytes) -> None:
    response = server.client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert problem(response)[0] == 400


@pytest.mark.parametrize(("path", "field"), [("/api/v1/search", "query"), ("/api/v1/answers", "question")])
def test_a_question_of_100_000_characters(server: Any, path: str, field: str) -> None:
    status, _ = problem(server.client.post(path, json={field: "why " * 25_000}))
    assert status == 422


def test_a_form_with_an_unknown_field(server: Any) -> None:
    response = server.client.post("/api/v1/documents", files={"file": ("a.txt", b"a")}, data={"colour": "red"})
    assert problem(response)[0] == 400


@pytest.mark.parametrize("metadata", ["[]", "{", '{"a": {"b": 1}}', '{"a": "' + "x" * 20_000 + '"}'])
def test_metadata_of_another_form(server: Any, metadata: str) -> None:
    response = server.client.post("/api/v1/documents", files={"file": ("a.txt", b"a")}, data={"metadata": metadata})
    assert problem(response) == (422, "/problems/invalid-metadata")


def test_metadata_that_grows_too_large(server: Any, ingest: Ingest) -> None:
    document = ingest(server, "described.txt", b"Described.")
    change = {"metadata": {"a": "x" * 20_000}}
    response = server.client.patch(f"/api/v1/documents/{document['id']}", json=change)
    assert problem(response) == (422, "/problems/invalid-metadata")


@pytest.mark.parametrize("suffix", ["/text?version=", "/content?version=", "/pages/1.png?version="])
def test_a_number_that_no_store_holds(server: Any, ingest: Ingest, suffix: str) -> None:
    document = ingest(server, "counted.txt", b"Counted.")
    assert problem(server.client.get(f"/api/v1/documents/{document['id']}{suffix}{10**25}"))[0] == 400


def test_an_event_that_no_store_holds(server: Any) -> None:
    response = server.client.get("/api/v1/documents/events", headers={"Last-Event-ID": str(10**25)})
    assert problem(response)[0] == 400


def test_a_reader_of_no_known_kind(server: Any) -> None:
    response = server.client.post("/api/v1/documents", files={"file": ("a.txt", b"a")}, data={"readers": "everyone"})
    assert problem(response) == (422, "/problems/invalid-reader")


def test_a_file_without_a_name_is_a_text_field(server: Any) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n\xff\xfe\r\n--b--'
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert problem(server.client.post("/api/v1/documents", content=body, headers=headers))[0] == 400


@pytest.mark.parametrize(
    "path", ["pages/0.png", "pages/99.png", "pages/x.png", "pages/1.gif", "pages/1.png?version=9", "text?version=2"]
)
def test_a_place_that_is_not_there(server: Any, ingest: Ingest, pdf: Pdf, path: str) -> None:
    document = ingest(server, "short.pdf", pdf("One page only."))
    assert problem(server.client.get(f"/api/v1/documents/{document['id']}/{path}"))[0] == 404


def test_a_span_that_is_not_there(server: Any, ingest: Ingest, pdf: Pdf) -> None:
    document = ingest(server, "short.pdf", pdf("One page only."))
    path = f"/api/v1/documents/{document['id']}/pages/1.png?start=5&end=5000"
    assert problem(server.client.get(path)) == (422, "/problems/invalid-span")


def test_the_command_line_says_which_files_failed_and_takes_the_others(
    tmp_path: Path, built_models: Path, pdf: Pdf
) -> None:
    (tmp_path / "models").symlink_to(built_models)
    folder = tmp_path / "in"
    folder.mkdir()
    whole = pdf("The first page.", "The second page.")
    for name, content in {
        "cut.pdf": whole[: len(whole) // 3],
        "empty.txt": b"",
        "good.txt": b"All is well.",
        "packed.pdf": SEVEN_ZIP,
        "secret.pdf": pdf("Nobody reads this.", password="hush"),
    }.items():
        (folder / name).write_bytes(content)
    done = footnote(tmp_path, "ingest", str(folder), "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert {each["filename"]: each["status"] for each in report["documents"]} == {
        "cut.pdf": "failed",
        "good.txt": "ready",
        "secret.pdf": "failed",
    }
    assert {Path(each["path"]).name: each["error"]["status"] for each in report["refused"]} == {
        "empty.txt": 422,
        "packed.pdf": 415,
    }


def test_the_command_line_names_a_question_that_is_too_long(tmp_path: Path) -> None:
    done = footnote(tmp_path, "ask", "why " * 25_000, "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (1, 422)


def test_the_command_line_names_every_wrong_setting(tmp_path: Path) -> None:
    done = footnote(tmp_path, "search", "x", FOOTNOTE_PORT="high", FOOTNOTE_CHUNK_TOKENS="1", FOOTNOTE_HOMES="x")
    assert done.returncode == 2
    assert all(name in done.stderr for name in ("FOOTNOTE_PORT", "FOOTNOTE_CHUNK_TOKENS", "FOOTNOTE_HOMES"))


def footnote(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "footnote", *arguments]
    environment = {**os.environ, "FOOTNOTE_HOME": str(home), **settings}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
