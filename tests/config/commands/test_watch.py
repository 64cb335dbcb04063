"""`footnote ingest --watch` on real folders, with a store that a test can look into and break."""

import asyncio
import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import watchfiles

from footnote.config.commands.files import IngestReport
from footnote.config.commands.settling import Settling, stamp_of
from footnote.config.commands.watching import Watch
from footnote.platform.errors import FootnoteError, Invalid, NotFound, Unavailable
from footnote.platform.principal import LOCAL


class Shelf:
    """Documents by the path that they came from; `broken` is raised as often as it says."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.sources: dict[str, str] = {}  # to ids
        self.calls: list[str] = []
        self.asked: list[str] = []
        self.broken: list[FootnoteError] = []
        self.inside: dict[str, list[Any]] = {}

    async def upload(
        self, principal: Any, content: AsyncIterator[bytes], *, filename: str, source: str
    ) -> tuple[Any, bool]:
        read = await self._read(f"upload {filename}", content)
        for document in self.documents.values():
            if document.content == read:
                return document, True
        document = self._document(str(len(self.documents)), filename, read, 1)
        self.sources[source] = document.id
        return document, False

    async def replace(self, principal: Any, document_id: str, content: AsyncIterator[bytes], *, filename: str) -> Any:
        read = await self._read(f"replace {filename}", content)
        return self._document(document_id, filename, read, self.documents[document_id].version + 1)

    async def from_source(self, principal: Any, source: str) -> Any:
        return self.documents.get(self.sources.get(source, ""))

    async def get(self, principal: Any, document_id: str) -> Any:
        if document_id not in self.documents:
            raise NotFound("It is gone.")
        self.asked.append(document_id)
        return self.documents[document_id]

    async def children(self, principal: Any, document_id: str) -> list[Any]:
        return self.inside.get(document_id, [])

    @property
    def contents(self) -> dict[str, tuple[bytes, int]]:
        return {document.filename: (document.content, document.version) for document in self.documents.values()}

    async def _read(self, call: str, content: AsyncIterator[bytes]) -> bytes:
        if self.broken:
            raise self.broken.pop()
        read = b"".join([piece async for piece in content])
        self.calls.append(call)
        return read

    def _document(self, document_id: str, filename: str, content: bytes, version: int) -> Any:
        fields = {"id": document_id, "filename": filename, "content": content, "version": version, "pages": 0}
        sha256 = hashlib.sha256(content).hexdigest()
        document = SimpleNamespace(**fields, sha256=sha256, status="ready", error=None, chunks=1)
        if b"damaged" in content:
            document.status, document.error = "failed", Invalid("It is damaged.").to_problem()
        self.documents[document_id] = document
        return document


class Watching:
    def __init__(self, shelf: Shelf, *paths: Path, **options: Any) -> None:
        self.shelf = shelf
        self.lines: list[str] = []
        self.stop = asyncio.Event()
        pace = {"settle": 0.1, "pause": 0.01, **options}
        self._watch = Watch(shelf, LOCAL, paths, self.stop, say=lambda line: self.lines.append(line.plain), **pace)
        self.report: IngestReport

    async def until(self, is_so: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not is_so():
                await asyncio.sleep(0.01)

    async def told(self, line: str) -> None:
        await self.until(lambda: any(line in told for told in self.lines))

    async def run(self) -> None:
        self.report = await self._watch.run()


@asynccontextmanager
async def watching(shelf: Shelf, *paths: Path, **options: Any) -> AsyncIterator[Watching]:
    found = Watching(shelf, *paths, **options)
    task = asyncio.create_task(found.run())
    try:
        yield found
    finally:
        found.stop.set()
        await task


def write(path: Path, content: str = "words") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


async def test_files_are_taken_in_that_are_there_and_that_come(tmp_path: Path) -> None:
    write(tmp_path / "old.txt", "old")
    async with watching(Shelf(), tmp_path) as watch:
        await watch.told("old.txt (1 chunk)")
        write(tmp_path / "new" / "new.txt", "new")
        await watch.told("new.txt (1 chunk)")
    assert watch.shelf.contents == {"old.txt": (b"old", 1), "new.txt": (b"new", 1)}
    assert ([document.filename for document in watch.report.documents], watch.report.is_complete) == (
        ["old.txt", "new.txt"],
        True,
    )


async def test_a_changed_file_becomes_a_new_version_of_its_document(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", "first")
    async with watching(Shelf(), tmp_path) as watch:
        await watch.told("a.txt (1 chunk)")
        write(file, "second")
        await watch.told("a.txt (version 2, 1 chunk)")
    assert watch.shelf.contents == {"a.txt": (b"second", 2)}


async def test_after_a_restart_only_what_has_changed_is_taken_in(tmp_path: Path) -> None:
    shelf, kept, changed = Shelf(), write(tmp_path / "kept.txt", "kept"), write(tmp_path / "changed.txt", "one")
    async with watching(shelf, tmp_path) as watch:
        await watch.until(lambda: len(shelf.documents) == 2)
    shelf.asked.clear()
    write(changed, "two")
    os.utime(kept)
    async with watching(shelf, tmp_path) as watch:
        await watch.told("changed.txt (version 2, 1 chunk)")
        await watch.until(lambda: set(shelf.asked) == set(shelf.documents))
    assert (shelf.calls[2:], len(watch.report.documents)) == (["replace changed.txt"], 2)
    assert not any("kept.txt" in line for line in watch.lines)


async def test_a_file_that_vanishes_leaves_its_document(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt")
    async with watching(Shelf(), tmp_path) as watch:
        await watch.told("a.txt (1 chunk)")
        file.unlink()
        await watch.told("a.txt (its document stays)")
    assert (len(watch.shelf.documents), watch.report.is_complete) == (1, True)


async def test_hidden_and_temporary_files_are_left_out(tmp_path: Path) -> None:
    async with watching(Shelf(), tmp_path) as watch:
        for name in (".a.txt", "~$a.docx", "a.txt~", "a.pdf.part", "A.TMP", ".git/a.txt", "Thumbs.db"):
            write(tmp_path / name, name)
        write(tmp_path / "last.txt")
        await watch.told("last.txt (1 chunk)")
    assert list(watch.shelf.contents) == ["last.txt"]


async def test_a_file_is_taken_in_once_it_is_whole(tmp_path: Path) -> None:
    async with watching(Shelf(), tmp_path, settle=1.5) as watch:
        with (tmp_path / "a.txt").open("w") as file:
            for number in range(20):
                file.write(f"{number} ")
                file.flush()
                await asyncio.sleep(0.05)
        await watch.told("a.txt (1 chunk)")
    assert watch.shelf.calls == ["upload a.txt"]


async def test_a_folder_that_is_moved_here_comes_with_all_that_is_in_it(tmp_path: Path) -> None:
    write(tmp_path / "outside" / "below" / "a.txt")
    (tmp_path / "watched").mkdir()
    async with watching(Shelf(), tmp_path / "watched") as watch:
        await watch.told("Watching")
        shutil.move(tmp_path / "outside", tmp_path / "watched")
        await watch.told("a.txt (1 chunk)")


async def test_links_that_lead_round_in_a_circle_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "below" / "a.txt", "first")
    (tmp_path / "below" / "circle").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "itself.txt").symlink_to("itself.txt")
    async with watching(Shelf(), tmp_path, again=0.05) as watch:
        await watch.told("a.txt (1 chunk)")
        (tmp_path / "circle").symlink_to(tmp_path, target_is_directory=True)
        write(tmp_path / "below" / "a.txt", "second")
        await watch.told("a.txt (version 2, 1 chunk)")
    assert watch.shelf.calls == ["upload a.txt", "replace a.txt"]


async def test_a_file_that_cannot_be_read_holds_nothing_up(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("/proc/self/mem")
    write(tmp_path / "b.txt")
    async with watching(Shelf(), tmp_path) as watch:
        await watch.told("a.txt: The file cannot be read. Input/output error.")
        await watch.told("b.txt (1 chunk)")
        (tmp_path / "a.txt").unlink()
        await watch.until(lambda: watch.lines[-1] == f"gone      {tmp_path}/a.txt")
        write(tmp_path / "a.txt", "mended")
        await watch.told("a.txt (1 chunk)")
    assert watch.report.is_complete


async def test_a_document_that_fails_is_told_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "damaged")
    async with watching(Shelf(), tmp_path) as watch:
        await watch.told(f"failed    {tmp_path}/a.txt: Invalid. It is damaged.")
    assert not watch.report.is_complete


async def test_a_document_inside_another_counts(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.inside["0"] = [shelf._document("inner", "inner.txt", b"damaged", 1)]
    shelf.documents = {}
    write(tmp_path / "a.zip")
    async with watching(shelf, tmp_path) as watch:
        await watch.told("a.zip (1 chunk)")
        shelf.documents["inner"] = shelf.inside["0"][0]
        await watch.told("a.zip: inner.txt")
    assert not watch.report.is_complete


async def test_a_store_that_is_away_is_waited_for(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.broken = [Unavailable("The disk is full.")] * 3
    write(tmp_path / "a.txt")
    async with watching(shelf, tmp_path) as watch:
        await watch.told("a.txt (1 chunk)")
    assert [line for line in watch.lines if "full" in line] == ["waiting   Unavailable. The disk is full."]


async def test_a_copy_keeps_its_content_when_the_first_file_changes(tmp_path: Path) -> None:
    first = write(tmp_path / "first.txt", "same")
    async with watching(Shelf(), tmp_path) as watch:
        await watch.told("first.txt (1 chunk)")
        write(tmp_path / "second.txt", "same")
        await watch.told("second.txt (1 chunk)")
        write(first, "other")
        await watch.until(lambda: len(watch.shelf.documents) == 2)
    assert watch.shelf.contents == {"first.txt": (b"other", 2), "second.txt": (b"same", 1)}


async def test_a_file_that_is_named_is_watched_though_it_is_replaced(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt", "first")
    async with watching(Shelf(), file) as watch:
        await watch.told("a.txt (1 chunk)")
        write(tmp_path / "beside.txt")
        write(tmp_path / "new", "second").replace(file)
        await watch.told("a.txt (version 2, 1 chunk)")
    assert watch.shelf.contents == {"a.txt": (b"second", 2)}


async def test_without_notices_the_folders_are_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def deaf(*paths: Path, **options: Any) -> AsyncIterator[Any]:
        raise OSError("inotify limit reached")
        yield

    monkeypatch.setattr(watchfiles, "awatch", deaf)
    file = write(tmp_path / "a.txt")
    async with watching(Shelf(), tmp_path, again=0.05) as watch:
        await watch.told("does not announce changes (inotify limit reached)")
        await watch.told("a.txt (1 chunk)")
        file.unlink()
        write(tmp_path / "b.txt", "more")
        await watch.told("a.txt (its document stays)")
        await watch.told("b.txt (1 chunk)")


async def test_a_folder_that_is_away_for_a_while_is_told_once(tmp_path: Path) -> None:
    write(tmp_path / "share" / "a.txt")
    async with watching(Shelf(), tmp_path / "share", again=0.05) as watch:
        await watch.told("a.txt (1 chunk)")
        (tmp_path / "share").rename(tmp_path / "away")
        await watch.told("share (its documents stay)")
        write(tmp_path / "away" / "b.txt", "more")
        (tmp_path / "away").rename(tmp_path / "share")
        await watch.told("b.txt (1 chunk)")
    assert watch.shelf.calls == ["upload a.txt", "upload b.txt"]


async def test_what_was_not_taken_in_before_the_end_is_told(tmp_path: Path) -> None:
    os.utime(write(tmp_path / "old.txt", "old"), (0, 0))
    write(tmp_path / "a.txt")
    async with watching(Shelf(), tmp_path, settle=3600) as watch:
        await watch.told("old.txt (1 chunk)")
    assert [refused.path for refused in watch.report.refused] == [str(tmp_path / "a.txt")]


async def test_a_name_cannot_command_the_terminal(tmp_path: Path) -> None:
    write(tmp_path / "\x1b[31mred\n.txt")
    async with watching(Shelf(), tmp_path) as watch:
        await watch.told("\ufffd[31mred\ufffd.txt (1 chunk)")


def test_a_file_settles_once_it_has_not_changed_for_a_while(tmp_path: Path) -> None:
    now, file = [100.0], write(tmp_path / "a.txt", "one")
    settling = Settling(2.0, clock=lambda: now[0])
    settling.changed(file)
    now[0] = 101.9
    assert settling.settled() == []
    write(file, "longer")
    now[0] = 102.0
    assert settling.settled() == []
    now[0] = 104.0
    assert (settling.settled(), settling.settled()) == ([file], [])


def test_a_file_that_was_left_alone_long_ago_has_settled(tmp_path: Path) -> None:
    file = write(tmp_path / "a.txt")
    os.utime(file, (0, 0))
    stamp = stamp_of(file)
    assert stamp is not None
    settling = Settling(3600)
    settling.found(file, stamp)
    assert settling.settled() == [file]


def test_what_is_put_off_or_vanishes_does_not_settle(tmp_path: Path) -> None:
    later, gone = write(tmp_path / "later.txt"), write(tmp_path / "gone.txt")
    settling = Settling(0)
    settling.put_off(later, 3600)
    settling.changed(gone)
    gone.unlink()
    assert (settling.settled(), settling.waiting) == ([], [later])
