"""DOC, PPT and XLS: through LibreOffice where it is, and what is said where it is not."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import docx
import pptx
import pytest
from support.office_files import saved
from support.old_workbook import old_workbook
from support.reading import read_file

from footnote.modules.ingestion.extraction import legacy_office
from footnote.modules.ingestion.extraction.errors import DamagedFile, PasswordProtected, TooExpensive
from footnote.modules.ingestion.extraction.kinds import DOC, PPT, XLS

Write = Callable[[str, bytes], Path]
Program = Callable[[str], None]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016)
LIBREOFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Puts a script in the place of LibreOffice."""

    def put(script: str) -> None:
        path = tmp_path / "bin" / "soffice"
        path.parent.mkdir()
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{path.parent}:{os.defpath}")

    return put


def test_without_libreoffice_the_reason_says_what_to_do(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(legacy_office.NoConverter, match="save the file as DOCX"):
        read_file(write("a.doc", OLE), DOC)


def test_slides_are_asked_for_as_pptx(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(legacy_office.NoConverter, match="save the file as PPTX"):
        read_file(write("a.ppt", OLE + "PowerPoint Document".encode("utf-16-le")), PPT)


def test_a_converter_that_fails_makes_the_file_a_damaged_one(write: Write, program: Program) -> None:
    program("exit 1")
    with pytest.raises(DamagedFile, match="LibreOffice could not open"):
        read_file(write("a.doc", OLE), DOC)


def test_a_converter_that_hangs_is_killed_with_all_that_it_started(
    write: Write, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(f"sleep 1000 & echo $! > {tmp_path}/child; wait")
    monkeypatch.setattr(legacy_office, "_TIMEOUT", 1.0)
    with pytest.raises(TooExpensive, match="not done"):
        read_file(write("a.doc", OLE), DOC)
    assert is_gone(int((tmp_path / "child").read_text()))


def test_the_converter_sees_none_of_the_servers_environment(
    write: Write, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_OPENAI_API_KEY", "secret")
    program(f"env > {tmp_path}/seen")
    with pytest.raises(DamagedFile):
        read_file(write("a.doc", OLE), DOC)
    assert "secret" not in (tmp_path / "seen").read_text()


@pytest.mark.parametrize("mark", ["EncryptedPackage", "EncryptedSummary"])
def test_an_encrypted_file_is_not_given_to_the_converter(write: Write, program: Program, mark: str) -> None:
    program("exit 1")
    with pytest.raises(PasswordProtected):
        read_file(write("a.doc", OLE + mark.encode("utf-16-le")), DOC)


def test_an_encrypted_text_is_told_by_its_flags(write: Write, program: Program) -> None:
    program("exit 1")
    with pytest.raises(PasswordProtected):
        read_file(write("a.doc", OLE + b"\xec\xa5" + bytes(9) + b"\x01" + bytes(500)), DOC)


@LIBREOFFICE
def test_libreoffice_reads_an_old_text(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Words of old", 1)
    extraction = read_file(made_by_libreoffice(tmp_path, "doc", saved(document)), DOC)
    assert extraction.text == "Words of old"
    assert [heading.level for heading in extraction.layout.headings] == [1]
    assert extraction.media_type == DOC


@LIBREOFFICE
def test_libreoffice_reads_old_slides(tmp_path: Path) -> None:
    slides = pptx.Presentation()
    slides.slides.add_slide(slides.slide_layouts.get_by_name("Title Only")).shapes.title.text = "Words of old"
    extraction = read_file(made_by_libreoffice(tmp_path, "ppt", saved(slides)), PPT)
    assert extraction.text == "Slide 1: Words of old"
    assert extraction.media_type == PPT


def test_an_old_workbook_needs_no_libreoffice(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    cells = {(0, 0): "year", (0, 1): "sales", (1, 1): "north", (2, 0): 2024.0, (2, 1): 1.5}
    content = old_workbook("Prices", cells, merged=[(0, 1, 0, 0)])
    extraction = read_file(write("a.xls", content), XLS)
    assert extraction.text == "Prices\n\n| year | sales |\n| year | north |\n| 2024 | 1.5 |"
    assert extraction.layout.tables[0].cells[0].row_span == 2


def test_sectors_that_run_in_a_circle_are_refused(write: Write) -> None:
    content = bytearray(old_workbook("Prices", {(0, 0): "year"}))
    content[512 + 4 * 5 : 512 + 4 * 6] = (3).to_bytes(4, "little")  # the sixth sector goes back to the fourth
    with pytest.raises(DamagedFile, match="circle"):
        read_file(write("a.xls", bytes(content)), XLS)


def test_a_damaged_old_workbook_is_told(write: Write) -> None:
    with pytest.raises(DamagedFile):
        read_file(write("a.xls", OLE), XLS)


def made_by_libreoffice(folder: Path, form: str, content: bytes) -> Path:
    source = folder / f"a.{form}x"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    return folder / f"a.{form}"


def is_gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
