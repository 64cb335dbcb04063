"""What generation stores and publishes."""

from datetime import datetime
from typing import Literal

import msgspec

from footnote.modules.retrieval import Box, Cells, LeftOut, Passage

Grounding = Literal["enforce", "annotate", "off"]
Verdict = Literal["supported", "unsupported", "withheld", "uncited"]


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """Offsets count code points of the answer's text; a withheld sentence has empty text and start = end."""

    text: str
    start: int
    end: int
    verdict: Verdict
    citations: tuple[int, ...]  # indexes of the answer's citations


class Citation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The span of a document version that supports a sentence; `quote` is what stands there."""

    index: int
    document_id: str
    version: int
    title: str
    start: int
    end: int
    quote: str
    pages: tuple[int, ...]
    boxes: tuple[Box, ...]
    heading_path: tuple[str, ...]
    passage_id: str
    cells: tuple[Cells, ...] = ()
    seconds: tuple[float, float] | None = None  # of a recording, from and to


class PromptRef(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    version: int


NO_PROMPT = PromptRef(name="none", version=0)  # of a model that takes no instructions


class TokenUsage(msgspec.Struct, frozen=True, kw_only=True):
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0


class Thoughts(msgspec.Struct, frozen=True, kw_only=True):
    """What a model let see of how it came to its draft; nobody has checked it."""

    text: str
    tokens: int
    ms: float


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    conversation_id: str | None
    question: str
    text: str
    abstained: bool
    confidence: float  # in [0, 1]
    grounding: Grounding
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    model: str
    prompt: PromptRef
    usage: TokenUsage
    timings_ms: dict[str, float]
    trace_id: str
    created_at: datetime
    left_out: tuple[LeftOut, ...] = ()  # what was found and not offered to the model by itself
    standalone_question: str | None = None  # the question as it was searched with, where it leans on earlier ones
    context_documents: tuple[str, ...] = ()  # whose words the model was shown as what was said before
    asked: "Asked | None" = None  # what a replay asks again; not known of old answers
    replay_of: str | None = None  # the answer whose question this one answers again
    thoughts: Thoughts | None = None  # where they were asked for, and never under `enforce`
    notes: tuple[str, ...] = ()  # in words, what could not be done as asked

    @property
    def document_ids(self) -> set[str]:
        """The documents that it holds words of, or names."""
        cited = {citation.document_id for citation in self.citations}
        found = {each.document_id for each in self.passages} | {each.document_id for each in self.left_out}
        return cited | found | set(self.context_documents)


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    grounding: Grounding = "enforce"
    top_k: int | None = None
    max_sentences: int | None = None
    thoughts: bool = False  # whether the model's thoughts are shown; never under `enforce`
    memories: bool = True  # whether what the asker asked to be remembered is used, and added to


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The rest of a question, as it was asked."""

    filters: dict[str, object] | None = None
    model: str | None = None  # none: the one that the settings chose then
    prompt: str | None = None
    options: Options = Options()
    instructions: str = ""
    standalone: str | None = None  # the question without its conversation


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A message of a conversation that the client keeps."""

    role: Literal["user", "assistant"]
    text: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    conversation_id: str | None = None  # "new" begins one
    parent_id: str | None = None  # the turn before: the last one, that of this id, or with "root" none
    filters: dict[str, object] | None = None
    model: str | None = None
    prompt: str | None = None
    options: Options = Options()
    history: tuple[Said, ...] = ()  # oldest first, of clients that keep their conversations themselves
    instructions: str = ""  # of the client: on tone, form and language; they never weaken the grounding
    standalone: str | None = None  # the question without its conversation, where that is known already
    context_documents: tuple[str, ...] = ()  # whose words stand in `standalone`
    replay_of: str | None = None


def asked(question: Question, standalone: str | None = None) -> Asked:
    """What of `question` a replay asks again; `standalone` if it was found out on the way."""
    return Asked(
        filters=question.filters,
        model=question.model,
        prompt=question.prompt,
        options=question.options,
        instructions=question.instructions,
        standalone=question.standalone or standalone,
    )


class Status(msgspec.Struct, frozen=True, tag_field="event", tag="status", omit_defaults=True):
    step: str
    question: str | None = None  # as it is searched with, where it leans on earlier ones
    document_ids: tuple[str, ...] = ()  # whose words `question` may hold; nobody is told


class Passages(msgspec.Struct, frozen=True, tag_field="event", tag="passages"):
    passages: tuple[Passage, ...]


class Token(msgspec.Struct, frozen=True, tag_field="event", tag="token"):
    text: str


class Thought(msgspec.Struct, frozen=True, tag_field="event", tag="thought"):
    text: str


class SentenceDone(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="sentence"):
    index: int
    text: str
    verdict: Verdict
    citations: tuple[int, ...]


class CitationFound(msgspec.Struct, frozen=True, tag_field="event", tag="citation"):
    citation: Citation


class Done(msgspec.Struct, frozen=True, tag_field="event", tag="done"):
    answer: Answer


AnswerEvent = Status | Passages | Thought | Token | SentenceDone | CitationFound | Done
