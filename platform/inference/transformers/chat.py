"""Chat models of Hugging Face on this machine."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import TYPE_CHECKING

from footnote.platform.errors import Unavailable
from footnote.platform.inference import ChatEvent, ChatRequest, Stop
from footnote.platform.inference.calls.answers import Endpoint, failed
from footnote.platform.inference.calls.errors import Fault
from footnote.platform.inference.calls.thinking import TaggedThoughts
from footnote.platform.inference.transformers.errors import ModelNotLoaded, TransformersMissing

if TYPE_CHECKING:
    from footnote.platform.inference.transformers.loaded import Loaded

LONGEST_REASON = 300  # characters
Tell = Callable[[ChatEvent | Unavailable], None]


class TransformersChat:
    """A `ChatService` whose endpoint's model is a folder or a name of the hub.

    It is loaded in a thread of its own, from the beginning, and writes there one answer after the other.
    """

    def __init__(self, endpoint: Endpoint, *, context_tokens: int, timeout: float = 60.0) -> None:
        """The model's own limit counts as well; `timeout` is for services over a network.

        Raises:
            TransformersMissing: The extra is not installed.
        """
        if find_spec("transformers") is None or find_spec("torch") is None:
            raise TransformersMissing(endpoint.name)
        self.endpoint = endpoint
        self.context_tokens = context_tokens
        self._is_closed = threading.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="transformers")
        self._loading = self._thread.submit(_load, endpoint)

    async def close(self) -> None:
        self._is_closed.set()
        await asyncio.to_thread(self._thread.shutdown, wait=True, cancel_futures=True)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        if request.tools or any(message.images for message in request.messages):
            raise Fault(failed(self.endpoint, "takes neither tools nor pictures"))
        loop, events = asyncio.get_running_loop(), asyncio.Queue[ChatEvent | Unavailable]()
        left = threading.Event()

        def tell(event: ChatEvent | Unavailable) -> None:
            if not left.is_set():
                loop.call_soon_threadsafe(events.put_nowait, event)

        writing = self._thread.submit(self._write, request, tell, left)
        try:
            while True:
                event = await events.get()
                if isinstance(event, Unavailable):
                    raise Fault(event)
                yield event
                if isinstance(event, Stop):
                    return
        finally:
            left.set()  # ends the writing within a token
            writing.cancel()

    def _write(self, request: ChatRequest, tell: Tell, left: threading.Event) -> None:
        try:
            self._answer(self._loading.result(), request, tell, lambda: left.is_set() or self._is_closed.is_set())
        except Unavailable as problem:
            tell(problem)
        except Exception as error:  # whatever a model's code raises
            tell(failed(self.endpoint, f"failed: {_reason(error)}"))

    def _answer(self, model: "Loaded", request: ChatRequest, tell: Tell, is_left: Callable[[], bool]) -> None:
        prompt = model.prompt(request)
        parts = TaggedThoughts(is_thinking=model.opens_thoughts(prompt))

        def said(text: str) -> None:
            for part in parts.of(text):
                tell(part)

        end = model.write(prompt, request, said, is_left)
        for event in (*parts.rest(), *end):
            tell(event)


def _load(endpoint: Endpoint) -> "Loaded":
    try:
        # Imported here: it takes seconds.
        from footnote.platform.inference.transformers.loaded import Loaded

        return Loaded(endpoint.model)
    except Exception as error:  # of files, of the hub, of code for the model's kind
        raise ModelNotLoaded(endpoint.name, _reason(error)) from None


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:LONGEST_REASON].rstrip(".") or type(error).__name__
