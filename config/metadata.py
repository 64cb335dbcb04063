"""The metadata that may be filtered by, in the words of retrieval."""

from footnote.config.settings import Settings
from footnote.modules.retrieval.filters import FieldType


def field_types(settings: Settings) -> dict[str, FieldType]:
    return {key: "time" if kind == "date" else kind for key, kind in settings.metadata_fields.items()}
