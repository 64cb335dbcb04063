"""What settings of plain types may be."""

from typing import Annotated, Literal

from msgspec import Meta

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
    "codes", "editions", "subjects", "filters", "corrective", "acronyms", "feedback", "comparisons", "wordings",
    "parts", "step_back", "hypothetical",
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
