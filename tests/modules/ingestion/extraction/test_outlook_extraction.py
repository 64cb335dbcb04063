"""Messages saved by Outlook read like the mail that they were."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from support.mail_files import attachment, inner_message, outlook_message, recipient
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, extract, sniff
from footnote.modules.ingestion.extraction.errors import DamagedFile
from footnote.modules.ingestion.extraction.kinds import MSG
from footnote.modules.ingestion.extraction.rtf import unpacked

Write = Callable[[str, str | bytes], Path]

LETTER: dict[int, str | bytes] = {
    0x0037: "Quarterly figures – draft",
    0x0C1A: "Ann Lee",
    0x5D01: "ann@example.org",
    0x1000: "Dear all,\r\n\r\nthe figures are attached.",
}


def test_heads_text_and_attachments_are_read(write: Write, tmp_path: Path) -> None:
    people = (recipient("Bob", "bob@example.org"), recipient("Cy Søe", "cy@example.org", 2))
    path = write("a.msg", outlook_message(LETTER, *people, attachment("figures.csv", b"a,b\n1,2" + b" " * 5000)))
    (extraction,) = extract(path, MSG, Context(tmp_path))
    assert sniff(path, "a") == MSG
    assert extraction.title == "Quarterly figures – draft"
    assert extraction.text == (
        "From: Ann Lee <ann@example.org>\nTo: Bob <bob@example.org>\nCc: Cy Søe <cy@example.org>\n"
        "Subject: Quarterly figures – draft\nAttachments: figures.csv\n\nDear all,\n\nthe figures are attached."
    )
    assert Path(extraction.attachments[0].path).read_bytes().startswith(b"a,b\n1,2")


def test_a_message_without_plain_text_is_read_from_its_page(write: Write) -> None:
    page = b"<html><body><h1>News</h1><p>It snows.</p></body></html>"
    assert read_file(write("a.msg", outlook_message({0x0037: "x", 0x1013: page})), MSG).text.endswith(
        "News\n\nIt snows."
    )


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (rb"{\rtf1\ansi\ansicpg1252 Gr\'fc\'dfe,\par from {\b K\u246?ln}\par}", "Grüße,\nfrom Köln"),
        (
            rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\b hidden\htmlrtf0 One {\*\htmltag <b>}two"
            rb"\htmlrtf }\htmlrtf0 {\*\htmltag </b>}}",
            "One two",
        ),
    ],
)
def test_a_message_in_rich_text_is_unpacked(write: Write, source: bytes, words: str) -> None:
    packed = struct.pack("<II4sI", len(source) + 12, len(source), b"MELA", 0) + source
    assert read_file(write("a.msg", outlook_message({0x0037: "x", 0x1009: packed})), MSG).text.endswith(words)


def test_packed_rich_text_follows_its_specification() -> None:
    # The example of [MS-OXRTFCP], section 4.1.1.
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpacked(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_message_inside_becomes_mail(write: Write) -> None:
    path = write("a.msg", outlook_message(LETTER, inner_message("Re: old.msg", LETTER | {0x1000: "The older text."})))
    with_inner = read_file(path, MSG)
    assert [one.name for one in with_inner.attachments] == ["Re: old.eml"]


@pytest.mark.parametrize("cut", [600, 3000, 9000])
def test_a_message_cut_short_says_so(write: Write, cut: int) -> None:
    path = write("a.msg", outlook_message(LETTER)[:cut])
    with pytest.raises(DamagedFile, match="Save it from Outlook again"):
        read_file(path, MSG)
