"""Providers of chat models on this machine: what each says, and each of the ways in which it may fail to."""

from collections.abc import Mapping
from typing import Any

from support.chat_formats import STREAMS, Said, event
from support.wire import Reply, Request, Streamed, WireServer

from footnote.platform.inference.calls.answers import Endpoint
from footnote.platform.inference.calls.chat import ChatService
from footnote.platform.secrets import Secret

KEY = "key-that-no-message-may-hold"
NAMES = {
    "openai": "openai:gpt-5.6",
    "anthropic": "anthropic:claude-sonnet-4-6",
    "google": "google:gemini-3.8-flash",
    "compatible": "compatible:llama",
}
STATUSES = {
    400: ("invalid_request_error", "INVALID_ARGUMENT"),
    401: ("authentication_error", "UNAUTHENTICATED"),
    404: ("not_found_error", "NOT_FOUND"),
    429: ("rate_limit_error", "RESOURCE_EXHAUSTED"),
    500: ("api_error", "INTERNAL"),
}
WORDS = {400: "wrong", 401: f"the key {KEY} is wrong", 404: "there is no such model", 429: "slowly", 500: "oh no"}


class ChatServer(WireServer):
    """`said` is what it says unless `replies` has another answer; models other than those of `NAMES` are unknown."""

    def __init__(self, provider: str) -> None:
        super().__init__()
        self.provider = provider
        self.said = Said()

    def answer(self, request: Request) -> Reply:
        asked = request.content.get("model") or request.path.partition("/models/")[2].partition(":")[0]
        if asked != NAMES[self.provider].partition(":")[2]:
            return self.refusal(404)
        return Streamed(STREAMS[self.provider](self.said))

    def refusal(self, status: int, words: str | None = None, **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Reply(error_of(self.provider, status, words), status, named)

    def parts(self, first: int, ends: Any = "whole", then: bytes = b"") -> Streamed:
        """The first parts of what it says, and what comes in the place of the rest."""
        return Streamed([*STREAMS[self.provider](self.said)[:first], *([then] if then else [])], ends)

    @property
    def until_text(self) -> int:
        """How many parts come before the second piece of text, and end with the first."""
        parts = STREAMS[self.provider](self.said)
        return 1 + next(at for at, part in enumerate(parts) if self.said.texts[0].encode() in part)

    def error_in_stream(self) -> bytes:
        if self.provider == "openai":
            return event({"type": "error", "code": "server_error", "message": "oh no", "sequence_number": 9}, "error")
        return event(error_of(self.provider, 500), "error" if self.provider == "anthropic" else None)


def error_of(provider: str, status: int, words: str | None = None) -> Mapping[str, Any]:
    kind, google = STATUSES[status]
    said = words or WORDS[status]
    if provider == "google":
        return {"error": {"code": status, "message": said, "status": google}}
    if provider == "anthropic":
        return {"type": "error", "error": {"type": kind, "message": said}, "request_id": "req_1"}
    return {"error": {"message": said, "type": kind, "param": None, "code": None}}


def open_service(server: ChatServer, *, seconds: float = 30, name: str | None = None, key: str = KEY) -> ChatService:
    """The adapter of the server's provider, pointed at it; `seconds` of silence are borne."""
    endpoint = Endpoint(
        name=name or NAMES[server.provider],
        key=Secret(key),
        key_setting="FOOTNOTE_SOME_API_KEY",
        url=server.url,
        url_setting="FOOTNOTE_SOME_BASE_URL",
    )
    return service_class(server.provider)(endpoint, context_tokens=100_000, timeout=seconds)


def service_class(provider: str) -> Any:
    match provider:
        case "openai":
            from footnote.platform.inference.openai_models import OpenAIChat as Chat
        case "anthropic":
            from footnote.platform.inference.anthropic import AnthropicChat as Chat
        case "google":
            from footnote.platform.inference.google import GoogleChat as Chat
        case _:
            from footnote.platform.inference.compatible import CompatibleChat as Chat
    return Chat
