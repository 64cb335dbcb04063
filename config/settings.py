"""Everything an operator may set, and where it is read from. The defaults stand in defaults.toml."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from footnote.config.model_settings import TranscriptionModel, contradictions
from footnote.config.safety_settings import SafetySettings, policy_problems
from footnote.config.setting_kinds import (
    Bytes,
    Count,
    FetchHost,
    MetadataKey,
    MetadataType,
    PlanningStage,
    ScannerAddress,
    Share,
)
from footnote.platform.setting_field import plain
from footnote.platform.settings import InvalidSettings, Layer, Resolved, environment_layer, file_layer, resolve

PREFIX = "FOOTNOTE_"
CONFIG = "FOOTNOTE_CONFIG"
WHISPER_MODEL = "FOOTNOTE_WHISPER_MODEL"  # no setting: the weights that the accuracy of transcripts is measured with
TEST_SERVERS = ("FOOTNOTE_TEST_MONGODB_URI", "FOOTNOTE_TEST_ATLAS_URI")  # no settings either: what tests run against
FILE_NAME = "footnote.toml"
DEFAULTS = Path(__file__).with_name("defaults.toml")
STANDARD = {  # variables of the OpenTelemetry specification
    "OTEL_EXPORTER_OTLP_ENDPOINT": "otlp_endpoint",
    "OTEL_EXPORTER_OTLP_HEADERS": "otlp_headers",
    "OTEL_SERVICE_NAME": "service_name",
}


class Settings(SafetySettings, frozen=True, kw_only=True):
    chunking: Annotated[
        Literal["structure", "fixed", "sentence", "semantic", "parent", "table"],
        Meta(description="How texts are cut, unless an upload says otherwise"),
    ]
    chunk_tokens: Annotated[int, Meta(ge=32, le=256, description="Most tokens of a chunk, heading path included")]
    chunk_overlap: Annotated[float, Meta(ge=0, le=0.5, description="Share of a chunk that the next repeats")]
    child_tokens: Annotated[int, Meta(ge=32, le=256, description="Most tokens of a chunk that is read as its parent")]
    parent_tokens: Annotated[
        int, Meta(ge=64, le=4096, description="Most tokens of a parent, and of the window around a sentence")
    ]
    semantic_percentile: Annotated[
        float, Meta(ge=50, le=100, description="Differences in meaning above this percentile part chunks")
    ]
    worker_concurrency: Annotated[Count, Meta(le=64, description="Jobs at once in one process")]
    job_lease_seconds: Annotated[int, Meta(ge=2, le=3600, description="Time until a dead worker's job is taken over")]
    job_max_attempts: Annotated[Count, Meta(le=100, description="Attempts until a job is given up")]
    extract_timeout_seconds: Annotated[
        Count, Meta(le=86400, description="Longest time that reading a file may go without progress")
    ]
    extract_total_seconds: Annotated[Count, Meta(description="Longest time that reading a file may take at all")]
    extract_memory_bytes: Annotated[Bytes, Meta(description="Most memory for reading one file")]
    extract_output_bytes: Annotated[Bytes, Meta(description="Most bytes that reading one file may write to one file")]
    extract_max_pages: Annotated[Count, Meta(description="Most pages of one document")]
    unpacked_bytes: Annotated[Bytes, Meta(description="Most bytes of one file once unpacked")]
    max_attachments: Annotated[Count, Meta(le=100_000, description="Most files inside one file")]
    ocr_languages: Annotated[
        str, Meta(pattern=r"^[A-Za-z_/]+(\+[A-Za-z_/]+)*\Z", description="Languages of scans, as tesseract names them")
    ]
    transcription_model: Annotated[TranscriptionModel, Meta(description="Model that hears recordings; empty: none")]
    transcription_timeout_seconds: Annotated[
        Count, Meta(le=86400, description="Longest time for a few minutes of a recording")
    ]
    transcription_memory_bytes: Annotated[Bytes, Meta(description="Most memory for a local model that hears")]

    fetch_hosts: Annotated[list[FetchHost], Meta(description="Hosts on the web to fetch documents from; empty: none")]
    fetch_schemes: Annotated[list[Literal["https", "http"]], Meta(description="Protocols to fetch documents over")]
    fetch_timeout_seconds: Annotated[Count, Meta(le=3600, description="Longest fetch of one document")]
    virus_scanner: Annotated[ScannerAddress, Meta(description="ClamAV that uploads are shown to; empty: none")]
    watch_settle_seconds: Annotated[
        float, Meta(ge=0.05, le=3600, description="Time without a change until a watched file is taken in")
    ]

    tenant_max_documents: Annotated[int, Meta(ge=0, description="Most documents of one tenant; 0: no limit")]
    tenant_max_bytes: Annotated[
        int, Meta(ge=0, extra={"unit": "bytes"}, description="Most bytes of one tenant's files; 0: no limit")
    ]
    tenant_max_waiting: Annotated[
        int, Meta(ge=0, description="Most documents of one tenant that are under way; 0: no limit")
    ]

    search_top_k: Annotated[Count, Meta(le=100, description="Passages that a search returns")]
    candidates: Annotated[Count, Meta(le=1000, description="Passages of each kind of search that are fused")]
    fusion: Annotated[
        Literal["standardised", "convex", "rrf"], Meta(description="How lexical and dense scores are fused")
    ]
    fusion_dense_weight: Annotated[Share, Meta(description="Weight of the dense score in a sum of scores")]
    fusion_unknown_language_weight: Annotated[
        Share, Meta(description="The same for questions in languages that the local model was not made for")
    ]
    token_similarity: Annotated[
        Share, Meta(description="Weight of how a passage meets the single words of a question; 0: none")
    ]
    smoothing: Annotated[Share, Meta(description="Weight of the passages nearest to a passage in its score; 0: none")]
    vector_feedback: Annotated[
        Share, Meta(description="Weight of how like a passage is to the first ones of other documents; 0: none")
    ]
    document_evidence: Annotated[Share, Meta(description="Weight of the other passages found of a document; 0: none")]
    query_planning: Annotated[
        list[PlanningStage],
        Meta(
            description="What is done to understand a question; wordings, parts, step_back and hypothetical need a "
            "query_model"
        ),
    ]
    metadata_fields: Annotated[
        dict[MetadataKey, MetadataType], Meta(description="Metadata that can be filtered on, with their types")
    ]

    answer_top_k: Annotated[Count, Meta(le=50, description="Passages offered to the answer")]
    answer_max_sentences: Annotated[Count, Meta(le=50, description="Most sentences of an answer")]
    answer_max_words: Annotated[Count, Meta(le=2000, description="Most words of an answer")]
    abstain_below: Annotated[Share, Meta(description="Confidence under which there is no answer")]


class SettingRow(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    value: Any  # in types that JSON knows, secrets masked
    source: str


def load_settings(
    environ: Mapping[str, str], *, folder: Path = Path(), flags: Mapping[str, object] | None = None
) -> Resolved[Settings]:
    """Defaults, then a TOML file, then variables, then `flags` of the command line that are not None.

    The file is the one that FOOTNOTE_CONFIG names, else footnote.toml in `folder` if it is there.

    Raises:
        InvalidSettings: All that is wrong in any of them.
    """
    resolved = _resolve(environ, folder, flags)
    if problems := _contradictions(resolved.settings):
        raise InvalidSettings(problems)
    return resolved


def _resolve(environ: Mapping[str, str], folder: Path, flags: Mapping[str, object] | None) -> Resolved[Settings]:
    standard = {field: environ[name] for name, field in STANDARD.items() if name in environ}
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    layers = [
        file_layer(DEFAULTS, "default"),
        *_file(environ, folder),
        Layer(
            place="environment", values=standard, spell={field: name for name, field in STANDARD.items()}.__getitem__
        ),
        environment_layer(environ, PREFIX, ignored=[CONFIG, WHISPER_MODEL, *TEST_SERVERS]),
        Layer(place="command line", values=given, spell=lambda name: f"--{name.replace('_', '-')}"),
    ]
    return resolve(Settings, layers)


def _contradictions(settings: Settings) -> list[str]:
    """What is allowed by itself and not together."""
    found = []
    if settings.store.kind == "sqlite" and settings.blobs.kind == "gridfs":
        found.append("blobs: gridfs is not there with the store sqlite; allowed with it: folder, or a URL")
    if settings.store.kind != "sqlite" and settings.vectors != "memory":
        found.append("vectors: MongoDB compares embeddings itself; lancedb is for the store sqlite")
    return found + contradictions(settings) + policy_problems(settings)


def _file(environ: Mapping[str, str], folder: Path) -> list[Layer]:
    if named := environ.get(CONFIG):
        return [file_layer(folder / named, f"{named}, named by {CONFIG}")]
    path = folder / FILE_NAME
    return [file_layer(path, FILE_NAME)] if path.is_file() else []


def describe(resolved: Resolved[Settings]) -> list[SettingRow]:
    values = plain(resolved.settings)
    return [SettingRow(name=name, value=value, source=resolved.sources[name]) for name, value in values.items()]
