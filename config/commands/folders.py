"""Which files of a folder are documents, and how a file is known again."""

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from footnote.platform.errors import FootnoteError, Invalid

PIECE = 1 << 20  # bytes
# What editors, office programs, browsers and systems leave beside documents.
TEMPORARY = re.compile(
    r"~\$.*|.*~|#.*#|.*\.(tmp|temp|part|partial|filepart|crdownload|download|swp)|thumbs\.db|desktop\.ini",
    re.IGNORECASE | re.DOTALL,
)


class FileUnreadable(Invalid):
    type = "/problems/file-unreadable"
    title = "The file cannot be read"

    def __init__(self, error: OSError) -> None:
        super().__init__(f"{error.strerror or error}.")


def files_under(path: Path, on_error: Callable[[OSError], None] = lambda error: None) -> list[Path]:
    """The file itself, or every file in the folder and below it that is wanted, by name.

    Links to files are followed, those to folders are not; `on_error` is told of each folder that cannot be read.
    """
    if not path.is_dir():
        return [path]
    found: list[Path] = []
    for folder, folders, names in os.walk(path, onerror=on_error):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder, name) for name in names if is_wanted(name)]
    return sorted(file for file in found if file.is_file())


def is_wanted(name: str) -> bool:
    """Whether a file of this name is neither hidden nor temporary."""
    return not name.startswith(".") and not TEMPORARY.fullmatch(name)


def is_below(path: Path, root: Path) -> bool:
    """Whether `files_under(root)` would come across `path`, were it a file."""
    if not path.is_relative_to(root) or path == root:
        return False
    inside = path.relative_to(root)
    folders = [root / folder for folder in inside.parents][:-1]
    is_hidden = any(folder.name.startswith(".") for folder in folders)
    return is_wanted(inside.name) and not is_hidden and not any(folder.is_symlink() for folder in folders)


def roots_of(paths: Sequence[Path]) -> list[Path]:
    """Absolute, each once, without those that lie in another."""
    absolute = [Path(os.path.abspath(path)) for path in dict.fromkeys(paths)]
    return [path for path in dict.fromkeys(absolute) if not any(is_below(path, other) for other in absolute)]


def source_of(path: Path) -> str:
    """The path as the store knows it: absolute, and text whatever bytes it is made of."""
    return os.fsencode(os.path.abspath(path)).decode(errors="backslashreplace")


async def pieces(file: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(file.open, "rb") as opened:
        while piece := await asyncio.to_thread(opened.read, PIECE):
            yield piece


def sha256_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def told(error: FootnoteError | OSError) -> FootnoteError:
    return error if isinstance(error, FootnoteError) else FileUnreadable(error)
