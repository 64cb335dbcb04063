"""What every kind of store gives."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from footnote.modules.access.repository import ProviderKeyRepository
from footnote.modules.generation.conversations.repository import ConversationRepository, MemoryRepository
from footnote.modules.generation.feedback import FeedbackRepository
from footnote.modules.generation.repository import AnswerRepository
from footnote.modules.generation.repository.prompts import PromptRepository
from footnote.modules.ingestion.repository import DocumentRepository
from footnote.modules.retrieval.repository import IndexRepository
from footnote.modules.retrieval.repository.spaces import Spaces
from footnote.platform.http.health import Check
from footnote.platform.inference.gateway.spending import SpendingRepository
from footnote.platform.jobs import JobQueue
from footnote.platform.storage import BlobStore, Storage


async def nothing_to_sweep() -> int:
    return 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Store:
    """Adapters that belong together: they share transactions."""

    storage: Storage
    blobs: BlobStore
    jobs: JobQueue
    documents: DocumentRepository
    index: IndexRepository
    spaces: Spaces
    answers: AnswerRepository
    spending: SpendingRepository
    provider_keys: ProviderKeyRepository
    feedback: FeedbackRepository
    prompts: PromptRepository
    conversations: ConversationRepository
    memories: MemoryRepository
    checks: Mapping[str, Check]  # by name, of all without which nothing can be served
    sweep: Callable[[], Awaitable[int]] = nothing_to_sweep  # goes on with what no transaction could hold
    abilities: Mapping[str, Any] = field(default_factory=dict)  # of the server, as far as there is one
