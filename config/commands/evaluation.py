"""`footnote evaluate`: a dataset through a throw-away store."""

import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

from footnote.config.commands.files import progress_bar, working
from footnote.config.embedding import local_embedder
from footnote.config.grounding import open_verifier, threshold_of
from footnote.config.services import Services, open_services
from footnote.config.setting_types import BlobLocation
from footnote.config.settings import Settings
from footnote.modules.evaluation import AnswersReport, GroundingReport, RetrievalReport, Stage
from footnote.modules.evaluation.answer_evaluation import AnswerEvaluation
from footnote.modules.evaluation.grounding import GroundingEvaluation
from footnote.modules.evaluation.loader import DocumentsLoader
from footnote.modules.evaluation.retrieval_evaluation import RetrievalEvaluation
from footnote.modules.retrieval import Mode
from footnote.platform.principal import LOCAL


class Bars:
    """A bar for each stage, begun when the stage is first heard of."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, done: int, total: int, stage: Stage) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage.capitalize(), total=total)
        self._progress.update(self._tasks[stage], completed=done, total=total)


async def evaluate_retrieval(settings: Settings, dataset: Path, queries: Path | None, mode: Mode) -> RetrievalReport:
    async with throw_away(settings) as services:
        with progress_bar() as progress:
            evaluation = RetrievalEvaluation(DocumentsLoader(services.ingestion), services.retrieval)
            return await evaluation.run(LOCAL, dataset, queries=queries, mode=mode, progress=Bars(progress))


async def evaluate_answers(
    settings: Settings, dataset: Path, queries: Path | None, model: str | None, limit: int | None
) -> AnswersReport:
    async with throw_away(settings) as services:
        with progress_bar() as progress:
            evaluation = AnswerEvaluation(DocumentsLoader(services.ingestion), services.generation)
            return await evaluation.run(
                LOCAL, dataset, queries=queries, model=model, limit=limit, progress=Bars(progress)
            )


async def evaluate_grounding(settings: Settings, examples: Path) -> GroundingReport:
    """With the verifier that the settings name, and no store."""
    models = Path(settings.home) / "models"
    async with AsyncExitStack() as stack:
        local = local_embedder(settings, models)
        stack.push_async_callback(local.close)
        services = await stack.enter_async_context(throw_away(settings)) if settings.verifier == "model" else None
        verifier = (
            services.verifier if services else await stack.enter_async_context(open_verifier(settings, local, None))
        )
        await local.warm()
        with progress_bar() as progress:
            return await GroundingEvaluation(verifier, threshold=threshold_of(settings)).run(
                examples, progress=Bars(progress)
            )


@asynccontextmanager
async def throw_away(settings: Settings) -> AsyncIterator[Services]:
    """Services over an empty store that is gone after the block; built models are those of the real one."""
    with tempfile.TemporaryDirectory(prefix="footnote-evaluate-") as folder:
        temporary = msgspec.structs.replace(settings, home=folder, blobs=BlobLocation(""))
        models = Path(settings.home) / "models"
        async with open_services(temporary, models=models, is_throw_away=True) as services, working(services):
            yield services


def print_report(report: RetrievalReport | AnswersReport | GroundingReport) -> None:
    rows = msgspec.to_builtins(report)
    table = Table(show_header=False, box=None)
    for name, value in flattened(rows):
        table.add_row(name, in_words(value))
    Console().print(table)


def in_words(value: float | str | None) -> str:
    match value:
        case None:
            return "-"  # not measured
        case float():
            return f"{value:.3f}"
        case _:
            return str(value)


def flattened(rows: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in rows.items():
        if isinstance(value, dict):
            yield from ((f"{name} {key}", inner) for key, inner in value.items())
        else:
            yield name, value
