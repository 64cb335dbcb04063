"""Finds the model that answers: second tries, other models in its place, and two at once where one is slow."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

import msgspec
from loguru import logger

from footnote.platform.errors import FootnoteError, Unavailable
from footnote.platform.inference import ChatRequest
from footnote.platform.inference.calls.attempts import Attempts, Patience, Sleep, Tries
from footnote.platform.inference.errors import BudgetSpent
from footnote.platform.inference.gateway.attempt import Attempt
from footnote.platform.inference.gateway.budgets import Budgets
from footnote.platform.inference.gateway.charge import Charge
from footnote.platform.inference.gateway.line import Line, Waits
from footnote.platform.principal import Principal
from footnote.platform.storage.cancellation import to_its_end
from footnote.platform.telemetry.metrics import model_fell_back, model_hedged

SLACK = 1.0  # seconds by which an attempt's own deadline comes before that of all attempts


class Persistence(msgspec.Struct, frozen=True, kw_only=True):
    """How much is done until an answer begins."""

    waits: Waits = Waits()
    attempts: int = 3  # at each model, those of a rival that is the same model among them
    first_pause: float = 0.5  # seconds; doubled each time, half of it by chance
    longest_pause: float = 5.0
    hedge: float = 0.0  # seconds without a delta after which the next model is asked as well; 0: never


class Opening:
    """One request on its way through `names`, the models in the order in which they are asked."""

    def __init__(
        self,
        names: Sequence[str],
        line: Callable[[str], Awaitable[Line]],
        principal: Principal,
        budgets: Budgets,
        persistence: Persistence,
        *,
        quoters: Collection[str] = (),
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`quoters` are those of `names` that can only quote: they are asked where there is something to quote."""
        self._names = tuple(names)
        self._quoters = quoters
        self._line = line
        self._principal = principal
        self._budgets = budgets
        self._persistence = persistence
        self._sleep = sleep
        self._chance = chance

    async def opened(self, request: ChatRequest) -> Attempt:
        """An attempt that has begun; whoever gets it closes it.

        Raises:
            Unavailable: No model answers; the problem is that of the first one.
            BudgetSpent: Nothing may be spent on the model whose turn it was.
        """
        hedge = self._persistence.hedge
        waiting = [name for name in self._names if request.quoting or name not in self._quoters]
        tries = {name: Tries(self._persistence.attempts - 1) for name in waiting}
        spare = list(waiting) if hedge and len(waiting) == 1 else []  # its own rival, with one of its attempts
        ends = asyncio.get_running_loop().time() + self._persistence.waits.opening
        tasks: list[asyncio.Task[Attempt]] = []
        problems: list[FootnoteError] = []
        attempt: Attempt | None = None
        try:
            while waiting or _unfinished(tasks):
                if not _unfinished(tasks):
                    tasks.append(self._started(request, waiting, tries, ends))
                await asyncio.wait(
                    _unfinished(tasks),
                    timeout=hedge if hedge and (waiting or spare) else None,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if attempt := _begun(tasks, problems):
                    return self._taken(attempt, problems)
                if problems and isinstance(problems[-1], BudgetSpent):
                    waiting, spare = [], []  # it is not for other models to spend on
                if _unfinished(tasks):
                    waiting, spare = waiting + [name for name in spare if tries[name].take()], []
                if waiting and _unfinished(tasks):
                    model_hedged(self._names[0], waiting[0])
                    tasks.append(self._started(request, waiting, tries, ends))
        finally:
            if tasks:
                await self._drop(tasks, attempt)
        raise next((problem for problem in problems if isinstance(problem, BudgetSpent)), problems[0])

    async def _drop(self, tasks: Sequence[asyncio.Task[Attempt]], taken: Attempt | None) -> None:
        """Those that came second; also the one that was taken, if whoever wanted it leaves meanwhile."""
        try:
            await to_its_end(_dropped(tasks))
        except asyncio.CancelledError:
            if taken:
                await taken.close()
            raise

    def _started(
        self, request: ChatRequest, waiting: list[str], tries: Mapping[str, Tries], ends: float
    ) -> asyncio.Task[Attempt]:
        left = max(0.0, ends - asyncio.get_running_loop().time())
        seconds, name = left / len(waiting), waiting.pop(0)
        return asyncio.create_task(self._begin(name, request, tries[name], seconds))

    async def _begin(self, name: str, request: ChatRequest, tries: Tries, seconds: float) -> Attempt:
        """
        Raises:
            Unavailable: It does not answer within its share of the time.
        """
        line = await self._line(name)
        clock = asyncio.get_running_loop().time
        ends = clock() + seconds

        async def once() -> Attempt:
            sent, left = line.roomy(request), max(0.0, ends - clock())
            charge = Charge(self._budgets, self._principal, line, sent)
            waits = self._persistence.waits
            waits = msgspec.structs.replace(waits, first=min(waits.first, left), opening=left)
            attempt = Attempt(line, request, sent, charge, waits)
            await attempt.begin()
            return attempt

        patience = Patience(
            attempts=self._persistence.attempts,
            request=seconds + SLACK,
            total=seconds + SLACK,
            first_pause=self._persistence.first_pause,
            longest_pause=self._persistence.longest_pause,
        )
        endpoint = line.service.endpoint
        return await Attempts(endpoint, patience, tries=tries, sleep=self._sleep, chance=self._chance).of(once)

    def _taken(self, attempt: Attempt, problems: Sequence[FootnoteError]) -> Attempt:
        name = attempt.line.name
        if name != self._names[0]:
            model_fell_back(self._names[0], name)
            why = problems[0].detail if problems else "it was slow"
            logger.bind(asked=self._names[0], taken=name, problem=why).warning("Another model takes over")
        return attempt


def _unfinished(tasks: Sequence[asyncio.Task[Attempt]]) -> list[asyncio.Task[Attempt]]:
    return [task for task in tasks if not task.done()]


def _begun(tasks: list[asyncio.Task[Attempt]], problems: list[FootnoteError]) -> Attempt | None:
    """The attempt that began, taken out of `tasks` with those that failed; their problems are kept."""
    for task in [task for task in tasks if task.done()]:
        tasks.remove(task)
        try:
            return task.result()
        except (Unavailable, BudgetSpent) as problem:
            problems.append(problem)
    return None


async def _dropped(tasks: Sequence[asyncio.Task[Attempt]]) -> None:
    """Those that came second: what they began is let go of."""
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Attempt):
            await ended.close()
