"""What a chat model's adapter does; the engine around it is `platform/inference/gateway`."""

from collections.abc import AsyncGenerator
from typing import Protocol

from footnote.platform.inference import ChatEvent, ChatRequest
from footnote.platform.inference.calls.answers import Endpoint


class ChatService(Protocol):
    """One request to one provider, without a second try, without a deadline of its own and without a price."""

    endpoint: Endpoint
    context_tokens: int  # that a request and its answer may have together

    def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        """Deltas and whole tool calls as they come; `Usage` as soon as it is known; `Stop` last.

        Thoughts come whether asked for or not, if the provider tells them: they are paid for, and a sign of life.
        Where it begins to think and will not tell all of it, an empty one says so.
        No `Started` and no cost: those are the engine's. `Usage` may come more than once (what was read at the start,
        all of it at the end): the last one counts, so each says all that was used so far. What was charged for a
        broken stream is known only by the `Usage` that came before; without one it is estimated.

        Nothing is sent before the first event is asked for. Closing or cancelling the generator closes the connection
        before it returns, whatever it waits for. A stream that ends without `Stop` counts as broken off.

        Raises:
            Fault: There is no answer, it is of another form than it should be, or it broke off. `again` where the same
                request may go better a second time. Before the first delta the engine tries again or takes another
                model; afterwards it raises the fault's problem.
        """
        ...

    async def close(self) -> None: ...
