"""Who is asking: the argument of every repository read."""

from collections.abc import Collection

import msgspec

TENANT_READER = "tenant"


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """An authenticated person or program of one tenant."""

    tenant: str
    subject: str
    groups: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    @property
    def readers(self) -> frozenset[str]:
        """The reader entries that let this principal read: `tenant`, `user:ID` and one `group:NAME` a group."""
        return frozenset({TENANT_READER, f"user:{self.subject}", *(f"group:{name}" for name in self.groups)})

    @property
    def is_admin(self) -> bool:
        return "admin" in self.roles

    def may_read(self, *, tenant: str, owner: str, readers: Collection[str]) -> bool:
        return tenant == self.tenant and (owner == self.subject or not self.readers.isdisjoint(readers))

    def may_change(self, *, tenant: str, owner: str) -> bool:
        return tenant == self.tenant and (owner == self.subject or self.is_admin)


LOCAL = Principal(tenant="local", subject="local", roles=frozenset({"admin"}))
