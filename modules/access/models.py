"""Keys and sessions."""

import hashlib
from dataclasses import dataclass, field

from footnote.platform.principal import Principal

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
