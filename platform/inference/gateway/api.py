"""HTTP of the gateway: which models there are, and what was spent on them."""

from collections.abc import Sequence
from datetime import date

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from footnote.platform.inference import ModelState
from footnote.platform.inference.gateway.gateway import Gateway
from footnote.platform.inference.gateway.usage import UsageReader, UsageReport
from footnote.platform.principal import Principal


class ModelList(msgspec.Struct, frozen=True, kw_only=True):
    items: Sequence[ModelState]  # the default one first
    next_cursor: None = None


@get("/models")
async def list_models(principal: NamedDependency[Principal], chats: NamedDependency[Gateway]) -> ModelList:
    """The chat models that a question may name, and whether they answer at the moment."""
    return ModelList(items=await chats.states(principal))


@get("/usage")
async def read_usage(
    principal: NamedDependency[Principal],
    usage: NamedDependency[UsageReader],
    since: FromQuery[date | None] = None,
    until: FromQuery[date | None] = None,
) -> UsageReport:
    """Tokens and money by day, model and person: the tenant's for an admin, one's own for others."""
    return await usage.read(principal, since, until)


router = Router("/api/v1", route_handlers=[list_models, read_usage], tags=["models"])
