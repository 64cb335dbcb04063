"""What a long-running process does beside its work: warm up, and clear away what is no longer needed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from loguru import logger

from footnote.config.services import Services
from footnote.modules.retrieval.filling import fill_job
from footnote.platform.errors import FootnoteError, Unavailable
from footnote.platform.interpreter import settle_in
from footnote.platform.storage.again import again_on_conflict
from footnote.platform.telemetry.metrics import jobs_waiting

EVERY = timedelta(hours=1)
COUNT = timedelta(seconds=15)
SWEEP = timedelta(seconds=30)
FILL = timedelta(seconds=15)
FINISHED_JOBS = timedelta(days=7)
EVENTS = timedelta(days=1)


async def prepare(services: Services) -> None:
    """Load the model and the index, so that the first question does not wait for them."""
    try:
        await asyncio.gather(
            services.embedder.warm(),
            services.local.warm(),
            services.store.index.refresh(),
            services.chats.warm(),
        )
    except FootnoteError as error:
        logger.bind(detail=error.detail).error("Not everything could be loaded ahead")
    except Exception:
        logger.exception("Not everything could be loaded ahead")
    settle_in()


async def keep_at(what: str, work: Callable[[Services], Awaitable[None]], services: Services, every: timedelta) -> None:
    """Do it again and again; what fails once must not end it for good."""
    while True:
        try:
            await work(services)
        except FootnoteError as error:
            logger.bind(detail=error.detail).warning(f"{what} failed; it will be tried again")
        except Exception:
            logger.exception(f"{what} failed; it will be tried again")
        await asyncio.sleep(every.total_seconds())


async def sweep_index(services: Services) -> None:
    """Bring to an end what was too much for one transaction; searches look at it separately meanwhile."""
    await services.store.sweep()


async def forget_deleted(services: Services) -> None:
    """What other processes have deleted; this one has forgotten at once what it deletes itself."""
    await services.forgetting.look()


async def count_jobs(services: Services) -> None:
    """Tell the metrics how many jobs wait."""
    with suppress(Unavailable):
        jobs_waiting((await services.store.jobs.depth()).get("queued", 0))


async def look_after_spaces(services: Services) -> None:
    """Have the space of a new embedding model filled; whoever embeds it takes the job."""
    if len(await services.store.spaces.living()) > 1:
        await fill_space(services)


@again_on_conflict
async def fill_space(services: Services) -> None:
    async with services.store.storage.transaction() as tx:
        await services.store.jobs.enqueue(tx, fill_job())


async def tidy(services: Services) -> None:
    if await services.store.spaces.is_changing():  # whatever processes with the old model published since
        await fill_space(services)
    swept = await services.store.blobs.sweep() + await services.store.blobs.sweep_orphans()
    swept += await services.scratch.sweep()
    await services.store.jobs.forget(FINISHED_JOBS)
    await services.store.documents.forget_events(EVENTS)
    if swept:
        logger.bind(swept=swept).info("Swept what nobody uses")


def upkeep(services: Services) -> AbstractAsyncContextManager[None]:
    """All of this runs while the block does."""
    return background(
        prepare(services),
        keep_at("Clearing away", tidy, services, EVERY),
        keep_at("Sweeping the index", sweep_index, services, SWEEP),
        keep_at("Forgetting what was deleted", forget_deleted, services, SWEEP),
        keep_at("Counting jobs", count_jobs, services, COUNT),
        keep_at("Looking after embeddings", look_after_spaces, services, FILL),
    )


@asynccontextmanager
async def background(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """`works` run while the block does, and are cut off at its end."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
