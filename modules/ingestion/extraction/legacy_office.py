"""DOC and PPT of before 2007: LibreOffice, where it is installed, turns them into what they are called today."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

from footnote.modules.ingestion.extraction import docx, pptx
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import DamagedFile, PasswordProtected, TooExpensive, Unreadable
from footnote.modules.ingestion.extraction.kinds import DOC, PPT
from footnote.modules.ingestion.extraction.office_zip import OLE, PROTECTED, refuse_encrypted
from footnote.modules.ingestion.models import Extraction

_TIMEOUT = 150.0  # seconds; less than a silent extraction is given
_SLIDES = "PowerPoint Document".encode("utf-16-le")  # the stream that only a PPT has
_ENCRYPTED_SLIDES = "EncryptedSummary".encode("utf-16-le")
_SECTOR = 512
_WORD_MARK = b"\xec\xa5"  # begins the main stream of a DOC; its flags come later
_FLAGS, _IS_ENCRYPTED = 0x0B, 0x01
# Nothing of the file may run, and nothing that it links to may be fetched: there is no proxy at that port.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}
</oor:items>
"""
_ITEM = '<item oor:path="/org.openoffice.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
_SAFE = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetNoProxy", ""),
)


class NoConverter(Unreadable):
    type = "/problems/no-converter"
    title = "LibreOffice is missing"


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    _refuse_protected(path)
    is_slides = _has(path, _SLIDES)
    suffix = "pptx" if is_slides else "docx"
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NoConverter(
            "Files of this old format are read with LibreOffice, which is not installed on the server. "
            f"Install it there, or save the file as {suffix.upper()} and upload that."
        )
    context.report(0, 1)
    converted = _convert(program, path, suffix, context.scratch)
    for part in (pptx if is_slides else docx).extract(converted, context):
        yield msgspec.structs.replace(part, media_type=PPT if is_slides else DOC)


def _convert(program: str, path: Path, suffix: str, scratch: Path) -> Path:
    profile = scratch / "office"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS.format(items="\n".join(_ITEM.format(*item) for item in _SAFE)))
    source = scratch / f"legacy.{suffix[:3]}"
    source.symlink_to(path.resolve())
    _run(
        [
            program,
            f"-env:UserInstallation={profile.resolve().as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault"),
            *("--convert-to", suffix, "--outdir", str(scratch), str(source)),
        ],
        scratch,
    )
    converted = source.with_suffix(f".{suffix}")
    if not converted.exists():
        raise DamagedFile(
            "LibreOffice could not open the file. It may be damaged, or protected by a password: "
            f"open it in an office program, save it as {suffix.upper()}, and upload that."
        )
    return converted


def _run(command: list[str], scratch: Path) -> None:
    """To the end of the program, or of its time; then all that it has started is killed."""
    # Keys and addresses in the environment are none of its business.
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(scratch), "LANG": "C.UTF-8"}
    process = subprocess.Popen(  # noqa: S603 - no shell, and no words of the user's among the arguments
        command,
        env=environment,
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(_TIMEOUT)
    except subprocess.TimeoutExpired:
        raise TooExpensive(
            f"LibreOffice was not done with the file after {_TIMEOUT:g} seconds. Save it in a newer format."
        ) from None
    finally:
        # It stays in the group of this process, so that whoever kills the group kills it too.
        for pid in (*_descendants(process.pid), process.pid):
            _kill(pid)
        process.wait()


def _descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [found for child in map(int, children) for found in (child, *_descendants(child))]


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _refuse_protected(path: Path) -> None:
    refuse_encrypted(path)
    with path.open("rb") as file:
        if file.read(len(OLE)) != OLE:
            raise DamagedFile("The file is not of the old office format that its name stands for.")
    if _has(path, _ENCRYPTED_SLIDES) or _is_encrypted_text(path):
        raise PasswordProtected(PROTECTED)


def _is_encrypted_text(path: Path) -> bool:
    with path.open("rb") as file:
        while sector := file.read(_SECTOR):
            if sector.startswith(_WORD_MARK):
                return bool(sector[_FLAGS] & _IS_ENCRYPTED)
    return False


def _has(path: Path, mark: bytes) -> bool:
    """Whether the directory of the file names that stream; streams are named nowhere else."""
    with path.open("rb") as file:
        before = b""
        while content := file.read(1 << 20):
            if mark in before + content:
                return True
            before = content[-len(mark) :]
    return False
