"""What footnote counts and times. Names of the OpenTelemetry GenAI conventions where they have one."""

from typing import Literal

from opentelemetry import metrics

meter = metrics.get_meter("footnote")

SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
LONG = (0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300)  # seconds
# Source: the semantic conventions' advice for the two gen_ai metrics.
GEN_AI_SECONDS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
GEN_AI_TOKENS = tuple(4**power for power in range(14))

_documents = meter.create_counter("footnote.ingest.documents", description="Documents that became ready or failed.")
_stages = meter.create_histogram(
    "footnote.ingest.stage.duration",
    unit="s",
    description="Duration of one stage of one document's ingestion.",
    explicit_bucket_boundaries_advisory=LONG,
)
_asking = meter.create_histogram(
    "footnote.ask.duration",
    unit="s",
    description="Duration from question to stored answer.",
    explicit_bucket_boundaries_advisory=LONG,
)
_answers = meter.create_counter("footnote.ask.answers", description="Answers, abstentions among them.")
_searching = meter.create_histogram(
    "footnote.search.duration",
    unit="s",
    description="Duration of one search.",
    explicit_bucket_boundaries_advisory=SHORT,
)
_jobs = meter.create_counter("footnote.jobs", description="Attempts at background jobs, by how they ended.")
_depth = meter.create_gauge("footnote.jobs.depth", description="Background jobs that wait.")
_model_seconds = meter.create_histogram(
    "gen_ai.client.operation.duration",
    unit="s",
    description="GenAI operation duration.",
    explicit_bucket_boundaries_advisory=GEN_AI_SECONDS,
)
_model_tokens = meter.create_histogram(
    "gen_ai.client.token.usage",
    unit="{token}",
    description="Number of input and output tokens used.",
    explicit_bucket_boundaries_advisory=GEN_AI_TOKENS,
)
_model_cost = meter.create_counter(
    "footnote.model.cost", unit="{USD}", description="Money that calls of models cost, by the list of prices."
)
_model_retries = meter.create_counter(
    "footnote.model.retries", description="Calls of models that were tried again, by what had gone wrong."
)
_first_tokens = meter.create_histogram(
    "footnote.model.first_token",
    unit="s",
    description="Time until a chat model's answer began.",
    explicit_bucket_boundaries_advisory=GEN_AI_SECONDS,
)
_model_fallbacks = meter.create_counter(
    "footnote.model.fallbacks", description="Requests that another model than the one asked took over."
)
_model_hedges = meter.create_counter(
    "footnote.model.hedges", description="Requests that a second model was asked as well, because the first was slow."
)
_model_cached = meter.create_counter(
    "footnote.model.cached", description="Requests to chat models that were looked up among earlier answers."
)
_model_breakers = meter.create_gauge(
    "footnote.model.breaker", description="Whether a model is left alone: 0 no, 1 being tried, 2 yes."
)
_budget_refusals = meter.create_counter(
    "footnote.model.refusals", description="Requests to models that no budget was left for."
)


def document_ended(status: Literal["ready", "failed", "cancelled"], media_type: str) -> None:
    _documents.add(1, {"status": status, "media_type": media_type})


def stage_ended(stage: str, seconds: float) -> None:
    _stages.record(seconds, {"stage": stage})


def answered(seconds: float, *, abstained: bool) -> None:
    _asking.record(seconds)
    _answers.add(1, {"abstained": abstained})


def searched(mode: str, seconds: float) -> None:
    _searching.record(seconds, {"mode": mode})


def job_ended(kind: str, outcome: str) -> None:
    _jobs.add(1, {"kind": kind, "outcome": outcome})


def jobs_waiting(depth: int) -> None:
    _depth.set(depth)


def model_called(attributes: dict[str, str], seconds: float) -> None:
    """`attributes` are those that the conventions ask for: operation, provider, model, and the error if any."""
    _model_seconds.record(seconds, attributes)


def tokens_used(attributes: dict[str, str], *, input_tokens: int, output_tokens: int) -> None:
    for kind, tokens in (("input", input_tokens), ("output", output_tokens)):
        if tokens:
            _model_tokens.record(tokens, {**attributes, "gen_ai.token.type": kind})


def money_spent(attributes: dict[str, str], dollars: float) -> None:
    if dollars:
        _model_cost.add(dollars, attributes)


def model_retried(name: str, error: str) -> None:
    """`name` is the model's, `provider:model`."""
    provider, _, model = name.partition(":")
    _model_retries.add(1, {"gen_ai.provider.name": provider, "gen_ai.request.model": model, "error.type": error})


def first_token(attributes: dict[str, str], seconds: float) -> None:
    _first_tokens.record(seconds, attributes)


def model_fell_back(asked: str, taken: str) -> None:
    _model_fallbacks.add(1, {"asked": asked, "taken": taken})


def model_hedged(asked: str, second: str) -> None:
    _model_hedges.add(1, {"asked": asked, "second": second})


def answer_looked_up(name: str, *, is_hit: bool) -> None:
    _model_cached.add(1, {"model": name, "hit": is_hit})


def breaker_changed(name: str, state: Literal["ready", "half_open", "open"]) -> None:
    _model_breakers.set(("ready", "half_open", "open").index(state), {"model": name})


def budget_refused(scope: str) -> None:
    _budget_refusals.add(1, {"scope": scope})
