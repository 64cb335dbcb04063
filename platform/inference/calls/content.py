"""Parts of a chat request as services take them."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from footnote.platform.inference import ChatRequest, Image

SCHEMA = "answer"  # what a schema is called where it needs a name


def clean(text: str) -> str:
    """Without halves of surrogate pairs, which cannot be sent."""
    return text.encode(errors="replace").decode()


def encoded(image: Image) -> str:
    return base64.b64encode(image.content).decode()


def data_url(image: Image) -> str:
    return f"data:{image.media_type};base64,{encoded(image)}"


def written(value: object) -> str:
    """The text of a delta.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(value, str):
        raise TypeError
    return value


def counted(value: object) -> int:
    """A number of tokens; 0 where the service tells none."""
    return value if isinstance(value, int) else 0


def arguments_of(arguments: str) -> dict[str, Any]:
    """Of a tool call that was made; an empty object where they were none."""
    try:
        value = json.loads(arguments or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def is_closed(schema: object) -> bool:
    """Whether every object of a JSON schema lists all that it may and must have, so that a model can be held to it."""
    if isinstance(schema, list | tuple):
        return all(map(is_closed, schema))
    if not isinstance(schema, Mapping):
        return True
    properties = schema.get("properties")
    is_object = schema.get("type") == "object" or isinstance(properties, Mapping)
    if is_object and (
        schema.get("additionalProperties") is not False or set(schema.get("required") or ()) != set(properties or ())
    ):
        return False
    return all(is_closed(value) for value in schema.values())


def system_of(request: ChatRequest, *, in_words: bool) -> str:
    """The system prompt; `in_words` also asks there for the schema, to which the service cannot hold the model."""
    asked = [schema_words(request.schema)] if in_words and request.schema is not None else []
    return clean("\n\n".join(filter(None, (request.system.strip() and request.system, *asked))))


def schema_words(schema: Mapping[str, Any]) -> str:
    """Asks in words for what a model cannot be held to."""
    return "Answer with JSON of this schema and nothing else:\n" + json.dumps(schema, ensure_ascii=False)
