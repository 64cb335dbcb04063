"""`footnote ingest --watch`: files taken in as they come and change, until Ctrl-C."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from pathlib import Path

import watchfiles
from rich.text import Text

from footnote.config.commands.console import people, readable, stop_on_signals
from footnote.config.commands.files import IngestReport, working
from footnote.config.commands.folders import files_under, is_below, roots_of
from footnote.config.commands.following import Following
from footnote.config.commands.keeping import Intake, Keeper
from footnote.config.commands.outcomes import Outcomes, Say
from footnote.config.commands.settling import Settling, Stamp, stamp_of
from footnote.config.services import open_services
from footnote.config.settings import Settings
from footnote.platform.errors import Conflict, FootnoteError, NotFound, TooMany, Unavailable
from footnote.platform.principal import LOCAL, Principal

LOOK = 0.1  # seconds between two looks at what is under way
LONGEST_TICK = 1.0  # seconds between two looks at whether files still change
DEBOUNCE = 200  # milliseconds in which notices are put together
AGAIN = 60.0  # seconds between two walks through the folders: notices can get lost, and some file systems give none
UNANNOUNCED = 5.0  # the same where none come at all
PAUSE = 5.0  # seconds until a store that is not available is asked again
ENDED = Conflict("Watching ended before it was taken in.")


async def watch_paths(settings: Settings, paths: Sequence[Path]) -> IngestReport:
    """Take in every file, then what comes and changes, until SIGINT or SIGTERM; the report is of all that was seen."""
    stop = stop_on_signals()
    async with open_services(settings) as services, working(services):
        watch = Watch(services.ingestion, LOCAL, paths, stop, settle=settings.watch_settle_seconds)
        return await watch.run()


def tell(line: Text) -> None:
    people.print(line, soft_wrap=True)


class Watch:
    def __init__(
        self,
        ingestion: Intake,
        principal: Principal,
        paths: Sequence[Path],
        stop: asyncio.Event,
        *,
        settle: float,
        again: float = AGAIN,
        pause: float = PAUSE,
        say: Say = tell,
    ) -> None:
        """`settle`, `again` and `pause` are in seconds; `say` is given a line of each event."""
        self._roots = roots_of(paths)
        self._stop = stop
        self._tick = min(LONGEST_TICK, settle / 4)
        self._again = again
        self._pause = pause
        self._settling = Settling(settle)
        self._keeper = Keeper(ingestion, principal)
        self._following = Following(ingestion, principal)
        self._outcomes = Outcomes(say)
        self._unread: set[Path] = set()  # folders that may not be read
        self._missing: set[Path] = set()  # roots that are not there

    async def run(self) -> IngestReport:
        """Until `stop` is set."""
        self._outcomes.note(f"Watching {', '.join(readable(str(root)) for root in self._roots)}. Ctrl-C ends it.")
        folders = [root for root in self._roots if root.is_dir()]
        beside = {root.parent for root in self._roots if not root.is_dir()}
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(folders, is_deep=True))
            group.create_task(self._listen(sorted(beside), is_deep=False))  # a file is often replaced, not written to
            group.create_task(self._repeat(self._walk, self._again))
            group.create_task(self._repeat(self._take_settled, self._tick))
            group.create_task(self._repeat(self._follow, LOOK))
        for path in self._settling.waiting:
            self._outcomes.refuse(path, ENDED)
        return self._outcomes.report(await self._following.under_way())

    async def _listen(self, folders: Sequence[Path], *, is_deep: bool) -> None:
        if not folders:
            return
        notices = watchfiles.awatch(
            *folders,
            watch_filter=None,
            debounce=DEBOUNCE,
            stop_event=self._stop,
            recursive=is_deep,
            ignore_permission_denied=True,
        )
        try:
            async with aclosing(notices):
                async for changes in notices:
                    for _, path in changes:
                        self._notice(Path(path))
        except (OSError, RuntimeError) as error:
            self._outcomes.note(f"This system does not announce changes ({error}); looking every {UNANNOUNCED:g} s.")
            await self._repeat(self._walk, UNANNOUNCED)

    def _notice(self, path: Path) -> None:
        if not any(path == root or is_below(path, root) for root in self._roots):
            return
        if path.is_dir():
            if path in self._roots or not path.is_symlink():
                self._see(survey([path])[0])  # moved here with all that is in it, of which nothing else is said
        elif stamp_of(path) is not None:
            self._settling.changed(path)
        else:
            self._forget(path)

    async def _walk(self) -> None:
        stamps, unread = await asyncio.to_thread(survey, self._roots)
        self._see(stamps)
        for error in unread:
            self._outcomes.refuse(error.filename, error)
        for folder in self._unread - {Path(error.filename) for error in unread}:
            self._outcomes.accept(folder)
        self._unread = {Path(error.filename) for error in unread}
        self._tell_of_missing()

    def _tell_of_missing(self) -> None:
        missing = {root for root in self._roots if not root.exists()}
        for root in missing - self._missing:
            self._outcomes.note(f"gone      {readable(str(root))} (its documents stay)")
        self._missing = missing
        for path in self._keeper.paths():
            if not path.exists() and not any(path.is_relative_to(root) for root in missing):
                self._forget(path)

    def _forget(self, path: Path) -> None:
        known = self._keeper.forget(path)
        if known is not None:
            self._outcomes.forget(path, has_document=known.document_id is not None)

    def _see(self, stamps: dict[Path, Stamp]) -> None:
        for path, stamp in stamps.items():
            if not self._keeper.is_known(path, stamp):
                self._settling.found(path, stamp)

    async def _take_settled(self) -> None:
        for path in self._settling.settled():
            if self._stop.is_set():
                self._settling.changed(path)
            else:
                await self._take(path)

    async def _take(self, path: Path) -> None:
        try:
            taken = await self._keeper.take(path)
        except (Unavailable, TooMany, NotFound) as error:  # the last: its document was deleted at this moment
            self._outcomes.wait(error)
            self._settling.put_off(path, self._pause)
        except FileNotFoundError:
            pass  # it has vanished at this moment
        except (FootnoteError, OSError) as error:
            self._outcomes.refuse(path, error)
        else:
            self._outcomes.accept(path)
            self._following.follow(taken.document.id, readable(str(path)), is_news=taken.is_news)
            for orphan in taken.orphans:
                self._settling.changed(orphan)

    async def _follow(self) -> None:
        is_moving = True
        while is_moving and not self._stop.is_set():
            is_moving = False
            async with aclosing(self._following.look()) as settled:
                async for followed, document in settled:
                    self._outcomes.settle(followed, document)
                    is_moving = True

    async def _repeat(self, step: Callable[[], Awaitable[None]], seconds: float) -> None:
        while not self._stop.is_set():
            try:
                await step()
                pause = seconds
            except Unavailable as error:
                self._outcomes.wait(error)
                pause = self._pause
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stop.wait()


def survey(roots: Sequence[Path]) -> tuple[dict[Path, Stamp], list[OSError]]:
    """The files under `roots` as they are, and the folders that cannot be read."""
    unread: list[OSError] = []
    files = [file for root in roots for file in files_under(root, unread.append)]
    stamps = ((file, stamp_of(file)) for file in files)
    return {file: stamp for file, stamp in stamps if stamp is not None}, unread
