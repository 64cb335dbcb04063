"""What is asked of the index for a question; the index plans further from there."""

import dataclasses

from footnote.modules.generation.models import Question
from footnote.modules.retrieval import SearchQuery


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    top_k: int = 20  # passages
    max_sentences: int = 3
    max_words: int = 80
    abstain_below: float = 0.12  # confidence, where a model quotes
    context_tokens: int = 12_000  # of all passages in a prompt, where the model has room for more


def planned(question: Question, asked: str, limits: Limits) -> SearchQuery:
    """`asked` is the question as it can be understood by itself."""
    return SearchQuery(text=asked, top_k=question.options.top_k or limits.top_k, filters=question.filters)
