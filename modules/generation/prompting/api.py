"""HTTP of prompts."""

from typing import Annotated

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from footnote.modules.generation.prompting.differing import Difference
from footnote.modules.generation.prompting.models import NewPrompt
from footnote.modules.generation.prompting.service import PromptPage, PromptService, PromptView
from footnote.platform.principal import Principal


@get("/prompts")
async def list_prompts(
    principal: NamedDependency[Principal],
    prompts: NamedDependency[PromptService],
    cursor: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
) -> PromptPage:
    """The version of each prompt that is used where a question names none."""
    return await prompts.page(principal, cursor=cursor, limit=limit)


@post("/prompts", status_code=201)
async def add_prompt(
    data: JSONBody[NewPrompt], principal: NamedDependency[Principal], prompts: NamedDependency[PromptService]
) -> PromptView:
    """A new prompt, or the next version of one; for admins."""
    return await prompts.add(principal, data)


@get("/prompts/{name:str}")
async def read_prompt(
    name: FromPath[str], principal: NamedDependency[Principal], prompts: NamedDependency[PromptService]
) -> PromptView:
    """The version that is used."""
    return await prompts.read(principal, name)


@get("/prompts/{name:str}/versions/{version:int}")
async def read_version(
    name: FromPath[str],
    version: FromPath[int],
    principal: NamedDependency[Principal],
    prompts: NamedDependency[PromptService],
) -> PromptView:
    return await prompts.read(principal, name, version)


@get("/prompts/{name:str}/diff")
async def compare_versions(
    name: FromPath[str],
    old: Annotated[int, QueryParameter(ge=1)],
    new: Annotated[int, QueryParameter(ge=1)],
    principal: NamedDependency[Principal],
    prompts: NamedDependency[PromptService],
) -> Difference:
    """What `new` changes, field by field."""
    return await prompts.compare(principal, name, old, new)


router = Router(
    "/api/v1",
    route_handlers=[list_prompts, add_prompt, read_prompt, read_version, compare_versions],
    tags=["prompts"],
)
