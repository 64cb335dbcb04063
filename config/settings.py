"""Everything an operator may set, and where it is read from. The defaults stand in defaults.toml."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from footnote.config.model_settings import (
    EmbeddingForm,
    EmbeddingModel,
    RerankingModel,
    TranscriptionModel,
    WritingModel,
    contradictions,
)
from footnote.config.setting_types import (
    ApiKeyText,
    BaseUrl,
    BlobLocation,
    OptionalUrl,
    OtlpEndpoint,
    OtlpHeaders,
    ServiceKey,
    StoreLocation,
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

Text = Annotated[str, Meta(min_length=1)]
Count = Annotated[int, Meta(ge=1)]
Bytes = Annotated[int, Meta(ge=1, extra={"unit": "bytes"})]
Share = Annotated[float, Meta(ge=0, le=1)]
Seconds = Annotated[float, Meta(ge=0.05, le=3600)]
Origin = Annotated[
    str, Meta(pattern=r"^https?://[^/\s*]+\Z", extra={"allowed": "an origin such as https://example.org"})
]
MetadataKey = Annotated[
    str, Meta(pattern=r"^[a-z][a-z0-9_]{0,62}\Z", extra={"allowed": "of small letters, digits and _"})
]
STEMMED = "ar|bg|bn|ca|cs|da|de|el|en|es|eu|fa|fi|fr|ga|gl|hi|hu|hy|id|it|ja|ko|lt|lv|nl|no|pl|pt|ro|ru|sv|th|tr|uk|zh"
StemmedLanguage = Annotated[
    str, Meta(pattern=rf"^(?:{STEMMED})\Z", extra={"allowed": f"of {STEMMED.replace('|', ', ')}"})
]
PlanningStage = Literal[
    "editions", "subjects", "filters", "corrective", "acronyms", "comparisons", "wordings", "parts", "step_back",
    "hypothetical",
]  # fmt: skip
MetadataType = Literal["string", "number", "boolean", "date"]
PORT = r"(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])"
FetchHost = Annotated[
    str,
    Meta(
        # What is below a single label, such as *.org, is not one organisation's.
        pattern=rf"^(?:\*\.(?=[^:]*\.))?[A-Za-z0-9_-]{{1,63}}(?:\.[A-Za-z0-9_-]{{1,63}})*(?::{PORT})?\Z",
        extra={"allowed": "a host such as docs.example.org, *.example.org or docs.example.org:8443"},
    ),
]
ScannerAddress = Annotated[
    str,
    Meta(
        pattern=rf"^(?:|tcp://(?:[^\s:/\[\]]+|\[[0-9a-fA-F:.]+\]):{PORT}|unix:/\S+)\Z",
        extra={"allowed": "tcp://HOST:PORT, unix:/PATH, or empty"},
    ),
]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    home: Annotated[Text, Meta(description="Data folder")]
    store: Annotated[StoreLocation, Meta(description="Store")]
    vectors: Annotated[
        Literal["memory", "lancedb"],
        Meta(description="Where embeddings are compared with the store sqlite: in memory, or by LanceDB in a folder"),
    ]
    blobs: Annotated[
        BlobLocation, Meta(description="Where files are kept; empty: a folder with SQLite, GridFS with MongoDB")
    ]
    blob_cache_bytes: Annotated[Bytes, Meta(description="Room in the data folder for copies of files kept elsewhere")]

    mongodb_selection_seconds: Annotated[
        Seconds, Meta(description="Longest wait for a server that can take an operation, such as a new primary")
    ]
    mongodb_connect_seconds: Annotated[Seconds, Meta(description="Longest wait for a new connection")]
    mongodb_operation_seconds: Annotated[Seconds, Meta(description="Longest operation, its retry included")]
    mongodb_pool_size: Annotated[Count, Meta(le=10_000, description="Connections of one process to each server")]
    mongodb_pool_wait_seconds: Annotated[Seconds, Meta(description="Longest wait for one of them")]
    mongodb_vectors: Annotated[
        Literal["float32", "int8", "array"],
        Meta(
            description="Form of embeddings: binary numbers of 4 bytes or 1, or arrays for servers that know no other"
        ),
    ]
    mongodb_quantization: Annotated[
        Literal["none", "scalar", "binary"], Meta(description="How the server's index shortens them")
    ]
    mongodb_languages: Annotated[
        list[StemmedLanguage], Meta(description="Languages that Atlas Search stems; each costs an index of all words")
    ]
    mongodb_exact: Annotated[bool, Meta(description="Whether every embedding is compared, not only likely ones")]

    host: Annotated[Text, Meta(description="Address to listen on; other than loopback needs an API key")]
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 takes a free one")]
    api_keys: Annotated[list[ApiKeyText], Meta(description="Keys that may call")]
    cors_origins: Annotated[list[Origin], Meta(description="Origins of foreign pages that may call")]
    trusted_proxies: Annotated[
        list[Text], Meta(description="Addresses of proxies whose word on a caller's address and scheme counts")
    ]
    max_upload_bytes: Annotated[Bytes, Meta(description="Largest upload")]
    max_body_bytes: Annotated[Bytes, Meta(description="Largest body of any other request")]
    shutdown_seconds: Annotated[int, Meta(ge=0, le=3600, description="Time for requests and jobs to end at a stop")]

    log_level: Annotated[
        Literal["TRACE", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
        Meta(description="Least level that is logged"),
    ]
    log_format: Annotated[
        Literal["auto", "people", "json"],
        Meta(description="Form of the log; auto: for people on a terminal, else JSON"),
    ]
    telemetry_content: Annotated[bool, Meta(description="Whether questions and passages may stand in telemetry")]
    otlp_endpoint: Annotated[OtlpEndpoint, Meta(description="Collector for traces and metrics; empty: none")]
    otlp_headers: Annotated[OtlpHeaders, Meta(description="Headers for the collector")]
    service_name: Annotated[Text, Meta(description="Name of this service in telemetry")]
    trace_sample_ratio: Annotated[Share, Meta(description="Share of traces that are recorded")]

    embedding_model: Annotated[EmbeddingModel, Meta(description="Model that embeds")]
    embedding_dimension: Annotated[
        int, Meta(ge=0, le=8192, description="Numbers of an embedding; 0: as many as the model gives of itself")
    ]
    embedding_form: Annotated[EmbeddingForm, Meta(description="Form in which Voyage sends embeddings")]
    embedding_precision: Annotated[Literal["int8", "fp32"], Meta(description="Precision of the local embedding model")]
    embedding_threads: Annotated[int, Meta(ge=0, le=256, description="Threads that embed; 0: one for each core")]
    chat_model: Annotated[Literal["local:extractive"], Meta(description="Model that answers")]
    query_model: Annotated[WritingModel, Meta(description="Model that words questions anew; empty: none")]
    reranker: Annotated[RerankingModel, Meta(description="Model that orders passages anew; empty: none")]
    rerank_deadline_seconds: Annotated[Seconds, Meta(description="Time after which the order stays as it was")]
    model_timeout_seconds: Annotated[Seconds, Meta(description="Longest wait for one answer of a model elsewhere")]
    model_attempts: Annotated[Count, Meta(le=20, description="Attempts at such an answer")]
    model_concurrency: Annotated[Count, Meta(le=64, description="Such answers that are waited for at once")]
    openai_api_key: Annotated[ServiceKey, Meta(description="Key for the OpenAI API, where a model of it is chosen")]
    openai_base_url: Annotated[BaseUrl, Meta(description="Address of that API, or of a server that answers like it")]
    compatible_api_key: Annotated[ServiceKey, Meta(description="Key for another server that answers like OpenAI's")]
    compatible_base_url: Annotated[OptionalUrl, Meta(description="Address of that server")]
    voyage_api_key: Annotated[ServiceKey, Meta(description="Key for Voyage's API, where a model of it is chosen")]
    voyage_base_url: Annotated[OptionalUrl, Meta(description="Address of that API; empty: the one for the key")]
    google_api_key: Annotated[ServiceKey, Meta(description="Key for the Gemini API, where a model of it is chosen")]
    google_base_url: Annotated[OptionalUrl, Meta(description="Address of that API; empty: Google's")]
    cohere_api_key: Annotated[ServiceKey, Meta(description="Key for Cohere's API, where a model of it is chosen")]
    cohere_base_url: Annotated[OptionalUrl, Meta(description="Address of that API; empty: Cohere's")]

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
    return found + contradictions(settings)


def _file(environ: Mapping[str, str], folder: Path) -> list[Layer]:
    if named := environ.get(CONFIG):
        return [file_layer(folder / named, f"{named}, named by {CONFIG}")]
    path = folder / FILE_NAME
    return [file_layer(path, FILE_NAME)] if path.is_file() else []


def describe(resolved: Resolved[Settings]) -> list[SettingRow]:
    values = plain(resolved.settings)
    return [SettingRow(name=name, value=value, source=resolved.sources[name]) for name, value in values.items()]
