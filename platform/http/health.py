"""Whether the process lives, whether it can serve, and what it measured."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from litestar import Response, Router, get
from loguru import logger
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from footnote.platform.errors import Unavailable

Check = Callable[[], Awaitable[object]]  # returns if the dependency works, raises if not
CHECK_SECONDS = 2.0


class NotReady(Unavailable):
    type = "/problems/not-ready"
    title = "Not ready"

    def __init__(self, dependencies: Mapping[str, str]) -> None:
        failed = ", ".join(name for name, state in dependencies.items() if state != "ok")
        super().__init__(f"Not available: {failed}.", dependencies=dict(dependencies), retry_after=5)


def health_router(
    checks: Mapping[str, Check], registry: CollectorRegistry, abilities: Mapping[str, object] | None = None
) -> Router:
    """GET /health, /ready and /metrics.

    `checks` are the dependencies without which nothing can be served, by name; `abilities` are told by /ready as they
    are.
    """

    @get("/health", sync_to_thread=False)
    def health() -> dict[str, str]:
        return {"status": "alive"}

    @get("/ready")
    async def ready() -> dict[str, object]:
        states = await asyncio.gather(*(_state(name, check) for name, check in checks.items()))
        dependencies = dict(zip(checks, states, strict=True))
        if any(state != "ok" for state in states):
            raise NotReady(dependencies)
        return {"status": "ready", "dependencies": dependencies, **({"store": abilities} if abilities else {})}

    @get("/metrics", sync_to_thread=True, media_type="text/plain")
    def metrics() -> Response[bytes]:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Router("/", route_handlers=[health, ready, metrics], tags=["health"])


async def _state(name: str, check: Check) -> str:
    """`ok`, `no answer` or `failed`; why stands in the log, as anybody may ask."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await check()
    except TimeoutError:
        return "no answer"
    except Exception as error:
        logger.opt(exception=error).bind(dependency=name).warning("dependency failed")
        return "failed"
    return "ok"
