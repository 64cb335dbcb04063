"""Archives: a list of what is in them, and safe copies of it."""

import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.archives import with_flag, with_symlink, zipped
from support.reading import read_file

from footnote.modules.ingestion.extraction import Context, Options, extract
from footnote.modules.ingestion.extraction.enclosures import safe_name
from footnote.modules.ingestion.extraction.errors import DamagedFile, NoText, PasswordProtected
from footnote.modules.ingestion.extraction.kinds import ZIP

Write = Callable[[str, str | bytes], Path]


def test_members_are_listed_and_copied(write: Write, tmp_path: Path) -> None:
    path = write("a.zip", zipped({"reports/2024/Größe.txt": "x" * 1500, "b.pdf": b"%PDF"}))
    (extraction,) = extract(path, ZIP, Context(tmp_path))
    assert extraction.text == "- reports/2024/Größe.txt (2 kB)\n- b.pdf (4 bytes)"
    assert [one.name for one in extraction.attachments] == ["reports/2024/Größe.txt", "b.pdf"]
    assert [len(Path(one.path).read_bytes()) for one in extraction.attachments] == [1500, 4]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\system.ini", "Windows/system.ini"),
        ("a/./b//../c.txt", "a/b/c.txt"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a\x00b\n.txt", "ab.txt"),
        (" spaced .txt ", "spaced .txt"),
        ("\u200b\ufeff", "unnamed"),
    ],
)
def test_names_lose_what_could_do_harm(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_names_too_long_are_cut_and_keep_their_suffix() -> None:
    first, second = safe_name("a" * 500 + "1.pdf"), safe_name("a" * 500 + "2.pdf")
    assert first != second
    assert len(first) <= 150
    assert first.endswith(".pdf")
    assert safe_name("x/" * 5000 + "y").count("/") == 19


@given(st.text(max_size=300))
def test_any_name_stays_below_its_folder(name: str) -> None:
    parts = safe_name(name).split("/")
    assert all(part.strip(" .") for part in parts)
    assert ".." not in parts
    assert {unicodedata.category(letter) for letter in "".join(parts)}.isdisjoint({"Cc", "Cf", "Cs"})


def test_names_in_utf_8_are_read_even_if_it_is_not_said(write: Write) -> None:
    archive = zipped({"Größe.txt": "x"})
    assert read_file(write("a.zip", with_flag(archive, 0)), ZIP).attachments[0].name == "Größe.txt"
    unsaid = bytearray(archive)
    for mark, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        unsaid[unsaid.find(mark) + offset] = 0
    assert read_file(write("b.zip", bytes(unsaid)), ZIP).attachments[0].name == "Größe.txt"


def test_what_the_system_left_there_is_no_document(write: Write) -> None:
    names = ("__MACOSX/._a.txt", ".DS_Store", "x/.hidden/b.txt", "Thumbs.db", "a.txt")
    extraction = read_file(write("a.zip", zipped(dict.fromkeys(names, "x"))), ZIP)
    assert extraction.text == "- a.txt (1 bytes)"
    assert extraction.warnings == ("4 hidden files were left out.",)


def test_links_are_not_followed(write: Write) -> None:
    extraction = read_file(write("a.zip", with_symlink("notes.txt", "/etc/passwd")), ZIP)
    assert [one.name for one in extraction.attachments] == ["real.txt"]
    assert "notes.txt was left out: it is a link" in extraction.warnings[0]


def test_an_archive_with_a_password_says_so(write: Write) -> None:
    with pytest.raises(PasswordProtected, match="Unpack it"):
        read_file(write("a.zip", with_flag(zipped({"a.txt": "x"}), 1)), ZIP)


def test_a_damaged_member_spoils_no_other(write: Write) -> None:
    content = bytearray(zipped({"a.txt": "first words", "b.txt": "second words"}, method=zipfile.ZIP_STORED))
    content[content.find(b"first")] ^= 1
    extraction = read_file(write("a.zip", bytes(content)), ZIP)
    assert [one.name for one in extraction.attachments] == ["b.txt"]
    assert extraction.warnings == ("a.txt was left out: it is damaged.",)


def test_bombs_are_left_out_and_nothing_of_them_stays(write: Write, tmp_path: Path) -> None:
    path = write("a.zip", zipped({"zeros.txt": bytes(80 << 20), "b.txt": "words"}))
    (tmp_path / "scratch").mkdir()
    (extraction,) = extract(path, ZIP, Context(tmp_path / "scratch"))
    assert "taken for an attack" in extraction.warnings[0]
    assert [file.stat().st_size for file in (tmp_path / "scratch").iterdir()] == [5]


def test_bounds_hold_while_unpacking(write: Write, tmp_path: Path) -> None:
    path = write("a.zip", zipped({f"{n}.txt": "x" * 1000 for n in range(9)}))
    (extraction,) = extract(path, ZIP, Context(tmp_path, Options(max_unpacked_bytes=3500)))
    assert len(extraction.attachments) == 3
    assert "too much is packed" in extraction.warnings[0]
    few = read_file(path, ZIP, max_attachments=2)
    assert len(few.attachments) == 2
    assert len(few.text.split("\n")) == 9


def test_long_lists_come_in_parts(write: Write, tmp_path: Path) -> None:
    path = write("a.zip", zipped({f"{'folder' * 20}/{n}.txt": "" for n in range(3000)}))
    parts = list(extract(path, ZIP, Context(tmp_path)))
    assert len(parts) == 3
    assert parts[-1].warnings[-1] == "2950 more files were left out."


@pytest.mark.parametrize("content", [zipped({"a.txt": "x" * 99})[:-30], b"PK\x03\x04 no archive"])
def test_a_broken_archive_says_so(write: Write, content: bytes) -> None:
    with pytest.raises(DamagedFile, match="Pack it anew"):
        read_file(write("a.zip", content), ZIP)


def test_an_archive_of_nothing_has_no_text(write: Write) -> None:
    with pytest.raises(NoText):
        read_file(write("a.zip", zipped({})), ZIP)
