"""Where things are kept, who may call, and what is told about it."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from footnote.config.setting_kinds import Bytes, Count, Origin, Seconds, Share, StemmedLanguage, Text
from footnote.config.setting_types import ApiKeyText, BlobLocation, OtlpEndpoint, OtlpHeaders, StoreLocation


class ServerSettings(msgspec.Struct, frozen=True, kw_only=True):
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
