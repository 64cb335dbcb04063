"""`footnote export` and `footnote import`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from footnote.config.commands.console import people
from footnote.config.embedding import OtherModels, build_embedder
from footnote.config.home import prepared_home
from footnote.config.moving.exporting import Exported, Written, export_store
from footnote.config.moving.importing import Imported, import_file
from footnote.config.moving.parts import Parts, parts_of
from footnote.config.settings import PREFIX, Settings
from footnote.config.stores import open_store
from footnote.platform.sealing import parse_sealing_key


async def export_to(settings: Settings, path: Path) -> Exported:
    async with opened(settings) as parts:
        with Progress(TextColumn("{task.description}"), TimeElapsedColumn(), console=people, transient=True) as bar:
            task = bar.add_task("Exporting")

            def tell(written: Written) -> None:
                text = f"Exporting: {written.documents} documents, {written.counts['answers']} answers"
                bar.update(task, description=text, completed=written.documents + written.counts.total())

            return await export_store(parts, path, origin=origin_of(settings), on_progress=tell)


async def import_from(settings: Settings, path: Path) -> Imported:
    """Checking the file is the first half of the bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    async with opened(settings) as parts:
        with Progress(*columns, console=people, transient=True) as bar:
            size = await asyncio.to_thread(size_of, path)
            task = bar.add_task("Checking", total=2 * size)
            passed = [0, 0]  # whole passes, and where this one is

            def tell(byte: int) -> None:
                passed[0] += byte < passed[1]
                passed[1] = byte
                bar.update(
                    task, description="Importing" if passed[0] else "Checking", completed=passed[0] * size + byte
                )

            imported = await import_file(parts, path, max_attempts=settings.job_max_attempts, on_read=tell)
        imported.unopened = await unopened_in(parts, settings)
        return imported


async def unopened_in(parts: Parts, settings: Settings) -> tuple[str, ...]:
    """Names of keys that something is encrypted with and that the settings do not hold."""
    held = {parse_sealing_key(key.reveal())[0] for key in settings.encryption_keys}
    every = await parts.store.provider_keys.sealed_otherwise("")
    return tuple(sorted({key.sealed.key_id for key in every} - held))


def origin_of(settings: Settings) -> str:
    """Different for different stores."""
    return f"{settings.store.reveal()} {Path(settings.home).absolute()}"


def size_of(path: Path) -> int:
    """In bytes; 0 for what is no file, which reading it tells."""
    return path.stat().st_size if path.is_file() else 0


def describe_export(exported: Exported) -> str:
    return (
        f"{exported.path}: {exported.documents} documents, {exported.answers} answers, {exported.conversations} "
        f"conversations, {exported.memories} memories, {exported.prompts} prompts, {exported.spending} entries of "
        f"spending and {exported.provider_keys} keys for providers, {exported.bytes:,} bytes."
    )


def describe_import(imported: Imported) -> list[str]:
    lines = [
        f"Imported {imported.documents} documents, {imported.answers} answers, {imported.conversations} conversations"
        f", {imported.memories} memories, {imported.prompts} prompts, {imported.spending} entries of spending and "
        f"{imported.provider_keys} keys for providers."
    ]
    if imported.unopened:
        lines.append(
            f"Keys for providers are encrypted with {', '.join(imported.unopened)}: add that to "
            f"{PREFIX}ENCRYPTION_KEYS, or they cannot be used."
        )
    if imported.present:
        lines.append(f"{imported.present} were there already.")
    if imported.queued:
        lines.append(f"{imported.queued} documents were not ready; a worker reads them.")
    if imported.foreign:
        lines.append(f"{imported.foreign} documents are found by word only, until a worker has embedded them anew.")
    return lines


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Parts]:
    """The store of the settings."""
    home = await prepared_home(settings.home)
    embedder = build_embedder(settings, home / "models")
    try:
        others = OtherModels(settings, embedder.name)
        async with open_store(settings, home, embedder, kept_models=others) as store:
            yield parts_of(store)
    finally:
        await embedder.close()
