"""Mail: headers, the richer of its texts, attachments to become documents."""

import contextlib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.mail_files import message
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, extract
from footnote.modules.ingestion.extraction.errors import DamagedFile, Unreadable
from footnote.modules.ingestion.extraction.kinds import EML
from footnote.modules.ingestion.models import Extraction

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def read(write: Write, tmp_path: Path) -> Callable[[EmailMessage | bytes], Extraction]:
    def read(source: EmailMessage | bytes) -> Extraction:
        content = source if isinstance(source, bytes) else source.as_bytes()
        (tmp_path / "scratch").mkdir(exist_ok=True)
        return next(extract(write("a.eml", content), EML, Context(tmp_path / "scratch")))

    return read


Read = Callable[[EmailMessage | bytes], Extraction]


def test_the_headers_stand_above_the_text_and_the_subject_is_the_title(read: Read) -> None:
    extraction = read(message())
    assert extraction.title == "Ünïcode = fine"
    assert extraction.text == (
        "From: Ann Lee <ann@example.org>\nTo: Bob <bob@example.org>\nSubject: Ünïcode = fine\n\nHello Bob."
    )


def test_a_plain_text_that_says_as_much_is_preferred(read: Read) -> None:
    assert read(message("Dear Bob,\nall is well.", "<p>Dear Bob, <b>all is well.</b>")).text.endswith("\nall is well.")


def test_a_page_that_says_more_is_read_instead(read: Read) -> None:
    page = "<style>p{}</style><table><tr><th>Item<th>Price</tr><tr><td>Tea<td>3</tr></table>"
    text = read(message("Your program shows no HTML.", page)).text
    assert text.endswith("| Item | Price |\n| Tea | 3 |")
    assert "shows no HTML" not in text


def test_attachments_are_saved_under_their_names(read: Read) -> None:
    extraction = read(message(attached=[("Größe.pdf", b"%PDF-1"), ("../../etc/passwd", b"root"), ("Größe.pdf", b"2")]))
    names = [attachment.name for attachment in extraction.attachments]
    assert names == ["Größe.pdf", ".._.._etc_passwd", "Größe (2).pdf"]
    assert [Path(attachment.path).read_bytes() for attachment in extraction.attachments] == [b"%PDF-1", b"root", b"2"]
    assert "Attachments: Größe.pdf, " in extraction.text


def test_pictures_that_decorate_are_no_attachments(read: Read) -> None:
    mail = message("Text")
    mail.add_attachment(b"x" * 100, maintype="image", subtype="png", filename="logo.png", cid="<logo>")
    mail.add_attachment(b"x" * 60_000, maintype="image", subtype="png", filename="scan.png", cid="<scan>")
    assert [attachment.name for attachment in read(mail).attachments] == ["scan.png"]


def test_a_message_inside_becomes_a_document_of_its_own(read: Read) -> None:
    mail = message("See below.")
    mail.add_attachment(message("The inner text.", heads={"Subject": "Inner: one"}))
    extraction = read(mail)
    assert [attachment.name for attachment in extraction.attachments] == ["Inner: one.eml"]
    assert b"The inner text." in Path(extraction.attachments[0].path).read_bytes()
    assert "inner text" not in extraction.text


def test_attachments_beyond_the_bounds_are_left_out_and_said(write: Write) -> None:
    path = write("a.eml", message(attached=[(f"{n}.bin", b"x" * 500) for n in range(5)]).as_bytes())
    assert len(read_file(path, EML, max_attachments=3).attachments) == 3
    few = read_file(path, EML, max_unpacked_bytes=1200)
    assert len(few.attachments) == 2
    assert "2.bin was left out: the attachments are too many or too large." in few.warnings


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"Subject: =?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?B?IGF1cw==?=\n =?utf-8?Q?_K=C3=B6ln?=", "Grüße aus Köln"),
        (b"Subject: Gr\xc3\xbc\xc3\x9fe", "Grüße"),
        (b"Subject: Gr\xfc\xdfe", "Grüße"),
        (b"Subject: =?no-such?Q?plain?=", "plain"),
        (b"Subject: =?utf-8?B?broken", "=?utf-8?B?broken"),
    ],
)
def test_subjects_are_decoded_as_far_as_possible(read: Read, head: bytes, words: str) -> None:
    assert read(head + b"\n\nText").title == words


@pytest.mark.parametrize(
    ("charset", "content"),
    [
        ("utf-8", "Grüße".encode()),
        ("iso-8859-1", b"Gr\xfc\xdfe"),
        ("no-such", "Grüße".encode()),
        ("a\x00b", b"Gr\xfc\xdfe"),
        ("utf-8", b"Gr\xfc\xdfe"),
    ],
)
def test_a_wrong_charset_does_not_spoil_the_text(read: Read, charset: str, content: bytes) -> None:
    head = f"Subject: x\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    assert read(head.encode() + b"Viele " + content + b" an alle").text.endswith("Viele Grüße an alle")


def test_what_is_encrypted_is_said(read: Read) -> None:
    kind = 'multipart/encrypted; boundary=b; protocol="application/pgp-encrypted"'
    inner = "--b\nContent-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--b--"
    extraction = read(f"From: a@example.org\nContent-Type: {kind}\n\n{inner}".encode())
    assert extraction.text == "From: a@example.org"
    assert "encrypted" in extraction.warnings[0]


def test_signatures_are_not_attachments_and_winmail_is_named(read: Read) -> None:
    mail = message("Text")
    mail.add_attachment(b"x", maintype="application", subtype="pgp-signature", filename="sig.asc")
    mail.add_attachment(b"x", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    extraction = read(mail)
    assert not extraction.attachments
    assert "winmail.dat" in extraction.warnings[0]


def test_a_long_mail_comes_in_parts(write: Write, tmp_path: Path) -> None:
    mail = message("\n\n".join(f"Paragraph {number} " + "word " * 99 for number in range(1000)))
    page = mail.as_bytes().replace(b"text/plain", b"text/html").replace(b"Paragraph", b"<p>Paragraph")
    parts = list(extract(write("a.eml", page), EML, Context(tmp_path)))
    assert len(parts) == 3
    assert max(len(part.text) for part in parts) < 210_000
    assert [bool(part.title) for part in parts] == [True, False, False]


def test_hostile_nesting_ends_in_words(write: Write, tmp_path: Path) -> None:
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    path = write("a.eml", "From: a@example.org\nSubject: x\n" + deep)
    with pytest.raises(DamagedFile, match="deeper"):
        list(extract(path, EML, Context(tmp_path)))


@settings(max_examples=60)
@given(st.data())
def test_damage_is_survived(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = bytearray(message("Plain", "<p>Page", attached=[("a.txt", b"x" * 99)]).as_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    folder = tmp_path_factory.mktemp("mail")
    path = folder / "a.eml"
    path.write_bytes(bytes(content) or b"x")
    with contextlib.suppress(Unreadable):
        assert list(extract(path, EML, Context(folder)))
