"""Short texts by OpenAI's chat completions, and by servers that answer as they do."""

import asyncio
import random
from collections.abc import Callable

from footnote.platform.inference.calls.answers import Endpoint, failed
from footnote.platform.inference.calls.attempts import Attempts, Patience, Sleep
from footnote.platform.inference.calls.errors import Fault
from footnote.platform.inference.calls.prices import Price
from footnote.platform.inference.calls.spending import Spending, spending
from footnote.platform.inference.openai_models.client import faults, open_client
from footnote.platform.telemetry.model_calls import model_call

PATIENCE = Patience(attempts=3, request=20.0, total=30.0, longest_pause=2.0)  # somebody waits


class OpenAIText:
    """Implements `TextModel`. Nothing but the prompt is sent: no temperature, which some models refuse."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        is_compatible: bool = False,
        price: Price | None = None,
        patience: Patience = PATIENCE,
        concurrency: int = 8,
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.endpoint = endpoint
        self.name = endpoint.name
        # The older name of the limit is the only one that many servers know, and one that newer models refuse.
        self._limit = "max_tokens" if is_compatible else "max_completion_tokens"
        self._price = price
        self._client = open_client(endpoint, patience.request)
        self._completions = self._client.chat.completions  # imports most of the client
        self._attempts = Attempts(endpoint, patience, sleep=sleep, chance=chance)
        self._places = asyncio.Semaphore(concurrency)

    async def close(self) -> None:
        await self._client.close()

    async def complete(self, prompt: str, *, max_tokens: int = 256) -> str:
        prompt = prompt.encode(errors="replace").decode()  # halves of surrogate pairs cannot be sent
        with model_call("chat", self.name) as call, spending(call, self._price) as spent:
            async with self._places:
                return await self._attempts.of(lambda: self._ask(prompt, max_tokens, spent))

    async def _ask(self, prompt: str, max_tokens: int, spent: Spending) -> str:
        with faults(self.endpoint):
            answer = await self._completions.create(
                model=self.endpoint.model,
                messages=[{"role": "user", "content": prompt}],
                extra_body={self._limit: max_tokens},
            )
            if answer.usage:
                spent.add(input_tokens=answer.usage.prompt_tokens, output_tokens=answer.usage.completion_tokens)
            text = answer.choices[0].message.content
        if not text or not text.strip():
            raise Fault(failed(self.endpoint, "answered with an empty text"))
        return text
