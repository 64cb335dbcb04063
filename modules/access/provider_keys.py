"""Tenants' own keys for providers of models."""

import re
from collections.abc import Collection, Sequence

from opentelemetry import trace

from footnote.modules.access.errors import EncryptionMissing, InvalidProviderKey, NotForAll, ProviderKeyNotFound
from footnote.modules.access.models import ProviderKey, StoredKey
from footnote.modules.access.repository import ProviderKeyRepository
from footnote.platform.clock import Clock, utc_now
from footnote.platform.principal import Principal
from footnote.platform.sealing import KeyRing, Sealed
from footnote.platform.secrets import Secret
from footnote.platform.storage import Storage
from footnote.platform.storage.again import again_on_conflict

tracer = trace.get_tracer(__name__)

SHOWN = 4  # last characters that tell one key from another
LEAST = 16  # characters of a key, or so many shown ones would be much of it


class ProviderKeys:
    def __init__(
        self,
        repository: ProviderKeyRepository,
        storage: Storage,
        ring: KeyRing | None,
        providers: Collection[str],
        *,
        clock: Clock = utc_now,
    ) -> None:
        """Without a `ring` no key is taken in, and none is used."""
        self._repository = repository
        self._storage = storage
        self._ring = ring
        self._providers = providers
        self._clock = clock

    @property
    def key_id(self) -> str:
        """What new ones are encrypted with.

        Raises:
            EncryptionMissing: There is no key for that.
        """
        if self._ring is None:
            raise EncryptionMissing
        return self._ring.current

    @tracer.start_as_current_span("access.provider_keys.add")
    async def add(self, principal: Principal, provider: str, key: Secret) -> ProviderKey:
        """In the place of a former one.

        Raises:
            NotForAll: The principal is no admin.
            EncryptionMissing: There is no key to encrypt it with.
            InvalidProviderKey: The provider is unknown, or the key has not the form of one.
        """
        _require_admin(principal)
        if self._ring is None:
            raise EncryptionMissing
        if provider not in self._providers:
            raise InvalidProviderKey(f"the provider is one of {', '.join(sorted(self._providers))}")
        if not re.fullmatch(rf"[!-~]{{{LEAST},1024}}", key.reveal()):
            raise InvalidProviderKey(f"a key has from {LEAST} to 1024 visible ASCII characters")
        stored = StoredKey(
            tenant=principal.tenant,
            provider=provider,
            sealed=self._ring.seal(key, context_of(principal.tenant, provider)),
            hint=key.reveal()[-SHOWN:],
            created_by=principal.subject,
            created_at=self._clock(),
        )
        await self._put(stored)
        return stored.shown

    @tracer.start_as_current_span("access.provider_keys.list")
    async def listed(self, principal: Principal) -> Sequence[ProviderKey]:
        """Without the keys themselves, which nobody gets to see again.

        Raises:
            NotForAll: The principal is no admin.
        """
        _require_admin(principal)
        return [key.shown for key in await self._repository.listed(principal.tenant)]

    @tracer.start_as_current_span("access.provider_keys.remove")
    async def remove(self, principal: Principal, provider: str) -> None:
        """
        Raises:
            NotForAll: The principal is no admin.
            ProviderKeyNotFound: There is none.
        """
        _require_admin(principal)
        if not await self._remove(principal.tenant, provider):
            raise ProviderKeyNotFound(provider)

    async def key(self, tenant: str, provider: str) -> Secret | None:
        """The tenant's own key, if it has given one.

        Raises:
            SealingKeyMissing: It cannot be opened any more.
        """
        if self._ring is None:
            return None
        stored = await self._repository.find(tenant, provider)
        return self._ring.open(stored.sealed, context_of(tenant, provider)) if stored else None

    async def rotate(self) -> int:
        """Seal with the ring's current key whatever is sealed with another; how many those were.

        Raises:
            EncryptionMissing: There is no key to encrypt with.
            SealingKeyMissing: One cannot be opened; those before it are sealed anew.
        """
        if self._ring is None:
            raise EncryptionMissing
        stale = await self._repository.sealed_otherwise(self._ring.current)
        return sum([await self._reseal(self._ring, key) for key in stale])

    async def _reseal(self, ring: KeyRing, key: StoredKey) -> bool:
        context = context_of(key.tenant, key.provider)
        return await self._replace(key, ring.seal(ring.open(key.sealed, context), context))

    @again_on_conflict
    async def _replace(self, key: StoredKey, sealed: Sealed) -> bool:
        async with self._storage.transaction() as tx:
            return await self._repository.reseal(tx, key, sealed)

    @again_on_conflict
    async def _put(self, key: StoredKey) -> None:
        async with self._storage.transaction() as tx:
            await self._repository.put(tx, key)

    @again_on_conflict
    async def _remove(self, tenant: str, provider: str) -> bool:
        async with self._storage.transaction() as tx:
            return await self._repository.remove(tx, tenant, provider)


def context_of(tenant: str, provider: str) -> str:
    """What a key is sealed for: it opens nowhere else."""
    return f"provider key of {tenant!r} for {provider!r}"


def _require_admin(principal: Principal) -> None:
    if not principal.is_admin:
        raise NotForAll
