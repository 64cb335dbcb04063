"""Fills a space of embeddings in the background, and goes over to it when nothing is missing."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from loguru import logger
from opentelemetry import trace

from footnote.modules.retrieval.repository.spaces import BareChunk, Key, Space, Spaces
from footnote.platform.inference import Embedder
from footnote.platform.inference.with_tokens import Embedded, embed_with_tokens
from footnote.platform.jobs import Job, JobQueue, NewJob
from footnote.platform.storage import Storage, Transaction
from footnote.platform.storage.again import again_on_conflict

tracer = trace.get_tracer(__name__)

FILL = "fill-space"
TENANT = "footnote"  # the job is nobody's
PRIORITY = -10  # whatever people wait for goes first
BATCH = 64  # chunks embedded and stored at once: the work that a crash can cost

CurrentEmbedder: TypeAlias = Callable[[], Awaitable[Embedder]]


def fill_job() -> NewJob:
    return NewJob(kind=FILL, tenant=TENANT, key=FILL, payload={}, priority=PRIORITY)


def current_embedder(spaces: Spaces, own: Embedder, others: Mapping[str, Embedder]) -> CurrentEmbedder:
    """Gives the embedder of the space that searches use, or `own` where that of the space is not at hand."""
    known = {**others, own.name: own}

    async def current() -> Embedder:
        active = next((space.name for space in await spaces.living() if space.state == "active"), own.name)
        return known.get(active, own)

    return current


class FillHandler:
    kind = FILL

    def __init__(self, storage: Storage, jobs: JobQueue, spaces: Spaces, embedders: Mapping[str, Embedder]) -> None:
        """`embedders` by the names of their models; spaces of others are left to other processes."""
        self._storage = storage
        self._jobs = jobs
        self._spaces = spaces
        self._embedders = embedders

    @tracer.start_as_current_span("retrieval.fill_space")
    async def run(self, job: Job) -> None:
        before = await self._active()
        while not await self._is_done(job):
            pass
        after = await self._active()
        if after != before:
            logger.bind(before=before, after=after).info("Searches go over to another embedding model")

    async def delayed(self, tx: Transaction, job: Job, error: dict[str, Any]) -> None:
        return  # nobody waits for it

    async def failed(self, tx: Transaction, job: Job, error: dict[str, Any]) -> None:
        return  # what is missing is still missing, and is found by the next job

    async def cancelled(self, tx: Transaction, job: Job) -> None:
        return

    async def _active(self) -> str | None:
        return next((space.name for space in await self._spaces.living() if space.state == "active"), None)

    async def _is_done(self, job: Job) -> bool:
        since = await self._spaces.head()
        spaces = await self._spaces.living()
        mine = [space for space in spaces if space.name in self._embedders]
        for space in mine:
            await self._fill(job, space)
        return await self._is_ended(job, since if len(mine) == len(spaces) else None)

    async def _fill(self, job: Job, space: Space) -> None:
        await self._spaces.prepare(space)
        after: Key | None = None
        while chunks := await self._spaces.bare(space, after, BATCH):
            texts = [chunk.text for chunk in chunks]
            embedded = await embed_with_tokens(self._embedders[space.name], texts, kind="document")
            await self._store(job, space, chunks, embedded)
            after = chunks[-1].key

    @again_on_conflict
    async def _store(self, job: Job, space: Space, chunks: list[BareChunk], embedded: Embedded) -> None:
        async with self._storage.transaction() as tx:
            await self._jobs.hold(tx, job)
            await self._spaces.fill(tx, space, chunks, *embedded)

    @again_on_conflict
    async def _is_ended(self, job: Job, since: int | None) -> bool:
        """Whether nothing is left to do here; documents may have been published `since`. None: others have to go on."""
        async with self._storage.transaction() as tx:
            if since is not None and not await self._spaces.switch(tx, since):
                await self._jobs.hold(tx, job)
                return False
            await self._jobs.complete(tx, job)
        return True
