"""The prompts of a tenant, beside those that come with the program."""

from collections.abc import Sequence

import msgspec
from opentelemetry import trace

from footnote.modules.generation.prompting.abstaining import Abstentions
from footnote.modules.generation.prompting.differing import Difference, difference
from footnote.modules.generation.prompting.errors import PromptNotFound, PromptsAreForAdmins
from footnote.modules.generation.prompting.estimating import Tokens, estimated
from footnote.modules.generation.prompting.models import NewPrompt, Prompt
from footnote.modules.generation.prompting.shelf import DEFAULT, picked
from footnote.modules.generation.prompting.validating import check_prompt
from footnote.modules.generation.repository.prompts import PromptRepository
from footnote.platform.clock import Clock, utc_now
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage
from footnote.platform.storage.again import again_on_conflict

tracer = trace.get_tracer(__name__)


class PromptView(Prompt, frozen=True, kw_only=True):
    tokens: dict[str, Tokens]  # by language; an estimate
    versions: tuple[int, ...]  # that there are


class PromptPage(msgspec.Struct, frozen=True, kw_only=True):
    items: tuple[PromptView, ...]
    next_cursor: str | None


class PromptService:
    """Implements `Prompts`. Of a name that the tenant has versions of, the newest of those is used.

    So a later version that comes with the program takes the place of nobody's own; by its number it can be chosen,
    unless the tenant has one of that number.
    """

    def __init__(
        self,
        builtin: Sequence[Prompt],
        repository: PromptRepository,
        storage: Storage,
        abstentions: Abstentions,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self._builtin = builtin
        self._repository = repository
        self._storage = storage
        self._abstentions = abstentions
        self._clock = clock

    async def chosen(self, principal: Principal, wanted: str | None) -> Prompt:
        name, _, version = (wanted or DEFAULT).partition("@")
        own = await self._repository.versions(principal.tenant, name)
        if own and not version:
            return own[-1]
        versions = self._together(own, name)
        known = versions or [*self._builtin, *await self._repository.all(principal.tenant)]
        return picked(known, wanted)

    @tracer.start_as_current_span("generation.list_prompts")
    async def page(self, principal: Principal, *, cursor: str | None = None, limit: int = 50) -> PromptPage:
        """The version of each name that is used, by name; the cursor is the last name."""
        own = await self._repository.all(principal.tenant)
        names = sorted({prompt.name for prompt in (*own, *self._builtin) if prompt.name > (cursor or "")})
        items = tuple(self._view([each for each in own if each.name == name], name) for name in names[:limit])
        return PromptPage(items=items, next_cursor=items[-1].name if len(names) > limit else None)

    @tracer.start_as_current_span("generation.read_prompt")
    async def read(self, principal: Principal, name: str, version: int | None = None) -> PromptView:
        """
        Raises:
            PromptNotFound: There is none, or none of that version.
        """
        return self._view(await self._repository.versions(principal.tenant, name), name, version)

    @tracer.start_as_current_span("generation.compare_prompts")
    async def compare(self, principal: Principal, name: str, old: int, new: int) -> Difference:
        """
        Raises:
            PromptNotFound: One of the versions is not there.
        """
        own = await self._repository.versions(principal.tenant, name)
        return difference(self._view(own, name, old), self._view(own, name, new))

    @tracer.start_as_current_span("generation.add_prompt")
    async def add(self, principal: Principal, prompt: NewPrompt) -> PromptView:
        """The next version of its name.

        Raises:
            PromptsAreForAdmins: `principal` is none.
            InvalidPrompt: With all that is wrong.
        """
        if not principal.is_admin:
            raise PromptsAreForAdmins
        check_prompt(prompt)
        added = await self._add(principal, prompt)
        return await self.read(principal, added.name, added.version)

    @again_on_conflict
    async def _add(self, principal: Principal, new: NewPrompt) -> Prompt:
        builtin = max((prompt.version for prompt in self._builtin if prompt.name == new.name), default=0)
        async with self._storage.transaction() as tx:
            last = await self._repository.last_version(tx, principal.tenant, new.name)
            prompt = Prompt(
                **msgspec.structs.asdict(new),
                version=max(last, builtin) + 1,
                created_at=self._clock(),
                created_by=principal.subject,
            )
            await self._repository.add(tx, principal.tenant, prompt)
        return prompt

    def _view(self, own: Sequence[Prompt], name: str, version: int | None = None) -> PromptView:
        versions = self._together(own, name)
        used = own[-1] if own else (versions[-1] if versions else None)
        found = used if version is None else next((each for each in versions if each.version == version), None)
        if found is None:
            raise PromptNotFound(name, version)
        return PromptView(
            **msgspec.structs.asdict(found),
            tokens={language: estimated(found, language, self._abstentions) for language in found.texts},
            versions=tuple(each.version for each in versions),
        )

    def _together(self, own: Sequence[Prompt], name: str) -> list[Prompt]:
        """All versions of `name`, oldest first."""
        builtin = {prompt.version: prompt for prompt in self._builtin if prompt.name == name}
        versions = builtin | {prompt.version: prompt for prompt in own}
        return [versions[number] for number in sorted(versions)]
