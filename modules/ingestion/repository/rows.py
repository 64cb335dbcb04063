"""Documents and their parts as rows of plain values: what both stores keep, to the letter."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec

from footnote.modules.ingestion.models import Document, DocumentChange

FIELDS = tuple(field.name for field in msgspec.structs.fields(Document))


def encoded(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def time_text(moment: datetime) -> str:
    """RFC 3339, with microseconds."""
    text: str = msgspec.to_builtins(moment)
    return text


def row_of(struct: Document | DocumentChange, as_json: Collection[str]) -> dict[str, Any]:
    """The fields that are set, times as text, those named in `as_json` as JSON text."""
    plain = msgspec.to_builtins(struct, order=None)
    return {name: encoded(value) if name in as_json and value is not None else value for name, value in plain.items()}


def document_of(row: Mapping[str, Any], as_json: Collection[str]) -> Document:
    values = {
        name: msgspec.json.decode(row[name]) if name in as_json and row[name] is not None else row[name]
        for name in FIELDS
    }
    return msgspec.convert(values, Document)
