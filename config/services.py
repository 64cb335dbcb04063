"""The composition root: builds the use cases over a store and models."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from footnote.config.answering import build_answering, build_prompts
from footnote.config.chat import build_gateway, build_provider_keys
from footnote.config.conversations import Talks, build_talks
from footnote.config.embedding import (
    OpenEmbedder,
    OtherModels,
    build_embedder,
    embedders_of,
    for_questions,
    local_embedder,
)
from footnote.config.forgetting import Forgetting
from footnote.config.grounding import open_verifier
from footnote.config.home import check_room, prepared_home
from footnote.config.ingestion import IngestionParts, build_fetcher, build_handler, build_service, extraction_limits
from footnote.config.ranking import build_planner, build_ranking
from footnote.config.reranking import build_reranker
from footnote.config.safety import build_detector, build_safety
from footnote.config.settings import Settings
from footnote.config.stores import Store, open_store
from footnote.config.transcription import open_transcriber
from footnote.modules.access.provider_keys import ProviderKeys
from footnote.modules.generation.checking import SentenceChecker
from footnote.modules.generation.citing import Citer
from footnote.modules.generation.feedback.service import FeedbackService
from footnote.modules.generation.grounding import Verifier
from footnote.modules.generation.prompting.service import PromptService
from footnote.modules.generation.service import GenerationService
from footnote.modules.generation.storing import AnswerStore
from footnote.modules.ingestion.errors import PageNotDrawn
from footnote.modules.ingestion.fetching import Fetcher
from footnote.modules.ingestion.reader import DocumentReader
from footnote.modules.ingestion.rendering import render_page
from footnote.modules.ingestion.service import IngestionService
from footnote.modules.ingestion.texts import ExtractionStore
from footnote.modules.ingestion.watching import DocumentWatcher
from footnote.modules.retrieval import Box
from footnote.modules.retrieval.filling import FillHandler, current_embedder
from footnote.modules.retrieval.service import RetrievalService
from footnote.platform.events import AnswersDeleted, DocumentDeleted, EventBus
from footnote.platform.inference import Reranker, TextModel
from footnote.platform.inference.extractive import ExtractiveModel, SentenceRanker
from footnote.platform.inference.gateway.gateway import Gateway
from footnote.platform.inference.gateway.model import PaidWriter
from footnote.platform.inference.local import LocalEmbedder, LocalSentences, LocalTokenizer
from footnote.platform.inference.transcription import Transcriber
from footnote.platform.jobs.worker import Worker
from footnote.platform.process_child import ProcessLimits
from footnote.platform.processes import ProcessCrashed, ProcessPool, ProcessTimeout
from footnote.platform.storage.scratch import Scratch

RENDER_SECONDS = 20.0
RENDER_MEMORY = 2 << 30  # bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    store: Store
    scratch: Scratch
    ingestion: IngestionService
    fetcher: Fetcher
    reader: DocumentReader
    watcher: DocumentWatcher
    retrieval: RetrievalService
    forgetting: Forgetting
    generation: GenerationService
    prompts: PromptService
    talks: Talks
    worker: Worker
    embedder: OpenEmbedder
    local: LocalEmbedder  # maybe the same
    verifier: Verifier
    provider_keys: ProviderKeys
    chats: Gateway
    check_room: Callable[[], Awaitable[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Models:
    embedder: OpenEmbedder
    others: Mapping[str, OpenEmbedder]  # by name, of older embeddings
    local: LocalEmbedder  # for what is compared within a text, whichever model embeds chunks
    ranker: SentenceRanker
    provider_keys: ProviderKeys
    chats: Gateway
    writer: TextModel | None
    reranker: Reranker | None
    verifier: Verifier


@asynccontextmanager
async def open_services(
    settings: Settings,
    *,
    models: Path | None = None,
    embedder: OpenEmbedder | None = None,
    is_throw_away: bool = False,
    may_change_model: bool = False,
) -> AsyncIterator[Services]:
    """Everything the settings ask for, open; closed at the end of the block.

    `models` is where built models are kept, by default in the data folder; `embedder` takes the place of the one that
    the settings name. A throw-away store is an empty one. `may_change_model` is for those who stay: if the store's
    embeddings are of another model than the settings name, all of it begins to be embedded anew.
    """
    home = await prepared_home(settings.home)
    async with AsyncExitStack() as stack:
        models = models or home / "models"
        embedder = embedder or build_embedder(settings, models)
        stack.push_async_callback(embedder.close)
        kept = () if may_change_model else OtherModels(settings, embedder.name)
        store = await stack.enter_async_context(
            open_store(settings, home, embedder, is_throw_away=is_throw_away, kept_models=kept)
        )
        # Slow jobs come on top of the usual number: see Worker.
        extracting = ProcessPool(max_workers=2 * settings.worker_concurrency, limits=extraction_limits(settings))
        stack.push_async_callback(extracting.close)
        rendering = ProcessPool(max_workers=1, limits=ProcessLimits(memory=RENDER_MEMORY))
        stack.push_async_callback(rendering.close)
        transcriber = await stack.enter_async_context(open_transcriber(settings, home))
        others = embedders_of(await store.spaces.living(), settings, models, embedder)
        local = embedder if isinstance(embedder, LocalEmbedder) else local_embedder(settings, models)
        ranker = SentenceRanker(local, LocalTokenizer())  # whose numbers its weights were found with
        provider_keys = build_provider_keys(settings, store)
        chats = build_gateway(settings, store, ExtractiveModel(ranker), provider_keys)
        writer = PaidWriter(chats, settings.query_model) if settings.query_model else None
        reranker = build_reranker(settings, writer)
        for opened in (*others.values(), local, chats, reranker):
            if opened is not None:
                stack.push_async_callback(opened.close)
        verifier = await stack.enter_async_context(open_verifier(settings, local, writer))
        used = Models(
            embedder=embedder,
            others=others,
            local=local,
            ranker=ranker,
            provider_keys=provider_keys,
            chats=chats,
            writer=writer,
            reranker=reranker,
            verifier=verifier,
        )
        services = assemble(settings, home, store, used, extracting, rendering, transcriber)
        stack.push_async_callback(services.talks.conversations.close)
        yield services


async def try_store(settings: Settings) -> None:
    """Open the store, set it up if it is new, and close it.

    Raises:
        FootnoteError: It cannot be used, or is of another version.
    """
    home = await prepared_home(settings.home)
    embedder = build_embedder(settings, home / "models")
    try:
        async with open_store(settings, home, embedder):
            return
    finally:
        await embedder.close()


def assemble(
    settings: Settings,
    home: Path,
    store: Store,
    models: Models,
    extracting: ProcessPool,
    rendering: ProcessPool,
    transcriber: Transcriber,
) -> Services:
    scratch = Scratch(home / "scratch")
    extractions = ExtractionStore(store.blobs)
    events = EventBus()
    embedder, others = models.embedder, models.others
    current = current_embedder(store.spaces, embedder, others)
    asked = for_questions(settings, (embedder, *others.values()))
    detector = build_detector(settings, models.local)
    parts = IngestionParts(
        storage=store.storage,
        documents=store.documents,
        blobs=store.blobs,
        jobs=store.jobs,
        index=store.index,
        events=events,
        embedder=embedder,
        sentences=LocalSentences(models.local.models, precision=settings.embedding_precision),
        extracting=extracting,
        scratch=scratch,
        transcriber=transcriber,
        current=current,
        detector=detector,
    )
    filling = FillHandler(store.storage, store.jobs, store.spaces, {**others, embedder.name: embedder})
    worker = Worker(
        store.jobs,
        store.storage,
        [build_handler(settings, parts), filling],
        concurrency=settings.worker_concurrency,
        lease=timedelta(seconds=settings.job_lease_seconds),
        grace=timedelta(seconds=settings.shutdown_seconds),
    )
    ingestion = build_service(settings, parts, worker.wake)
    reader = DocumentReader(store.documents, store.blobs, extractions, partial(draw, rendering))
    retrieval = RetrievalService(
        store.index,
        asked[embedder.name],
        ranking=build_ranking(settings, models.reranker),
        planner=build_planner(settings, models.writer),
        current=current_embedder(store.spaces, asked[embedder.name], asked),
    )
    ranker, chats = models.ranker, models.chats
    talks = build_talks(store, ingestion, chats, events)
    answers = AnswerStore(store.answers, ingestion, store.storage, talks.conversations)
    checker = SentenceChecker(models.verifier, Citer(reader))
    prompts = build_prompts(store)
    pipeline = build_answering(
        settings,
        retrieval,
        checker,
        answers,
        chats,
        prompts,
        ranker,
        conversations=talks.conversations,
        safety=build_safety(settings, detector, models.writer),
    )
    generation = GenerationService(pipeline, answers)
    events.subscribe(DocumentDeleted, generation.redact)
    events.subscribe(DocumentDeleted, chats.forget)
    events.subscribe(AnswersDeleted, FeedbackService(store.feedback, store.answers, store.storage).forget)
    events.subscribe(DocumentDeleted, talks.conversations.redact)
    memories = [retrieval.forget, extractions.forget, models.verifier.forget, ranker.forget]
    forgetting = Forgetting(store.index, memories)
    events.subscribe(DocumentDeleted, forgetting.told)
    return Services(
        store=store,
        scratch=scratch,
        ingestion=ingestion,
        fetcher=build_fetcher(settings),
        reader=reader,
        watcher=DocumentWatcher(store.documents),
        retrieval=retrieval,
        forgetting=forgetting,
        generation=generation,
        prompts=prompts,
        talks=talks,
        worker=worker,
        embedder=embedder,
        local=models.local,
        verifier=models.verifier,
        provider_keys=models.provider_keys,
        chats=chats,
        check_room=partial(check_room, home),
    )


async def draw(processes: ProcessPool, path: Path, page: int, boxes: Sequence[Box]) -> bytes:
    try:
        return await processes.run(render_page, path, page, boxes, timeout=RENDER_SECONDS)
    except (ProcessTimeout, ProcessCrashed, MemoryError):
        raise PageNotDrawn(page) from None
