"""Keys, sessions, and tenants' keys for providers."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from footnote.platform.principal import Principal
from footnote.platform.sealing import Sealed

TENANT = "local"
MEMBER = "member"
ADMIN = "admin"


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiKey:
    """`id` stays when the secret is changed, so that its documents keep their owner."""

    id: str
    digest: bytes = field(repr=False)  # SHA-256 of the secret
    roles: frozenset[str] = frozenset({MEMBER})

    @property
    def principal(self) -> Principal:
        return Principal(tenant=TENANT, subject=self.id, roles=self.roles)


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    token: str = field(repr=False)
    seconds: int  # until it ends


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()


class ProviderKey(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant's key for a provider, as people may see it."""

    provider: str
    hint: str  # its last characters
    key_id: str  # which of the settings' keys it is encrypted with
    created_by: str
    created_at: datetime


class StoredKey(msgspec.Struct, frozen=True, kw_only=True):
    tenant: str
    provider: str
    sealed: Sealed
    hint: str
    created_by: str
    created_at: datetime

    @property
    def shown(self) -> ProviderKey:
        return ProviderKey(
            provider=self.provider,
            hint=self.hint,
            key_id=self.sealed.key_id,
            created_by=self.created_by,
            created_at=self.created_at,
        )
