"""Spending on its way to another store. Reservations stay: nobody knows what they will cost."""

from typing import Protocol

from footnote.platform.inference.gateway.spending import Entry

SEPARATOR = "\n"


class SpendingMoving(Protocol):
    async def following(self, after: str) -> Entry | None:
        """The entry with the next id (see `entry_id`), of whichever tenant; "" comes before all."""
        ...


def entry_id(entry: Entry) -> str:
    """In the order of tenants, days, persons and models."""
    account = entry.account
    return SEPARATOR.join((account.tenant, account.day.isoformat(), account.person, entry.model))


def parsed(after: str) -> tuple[str, str, str, str]:
    """Tenant, day, person and model."""
    tenant, day, person, model = after.split(SEPARATOR) if after else ("", "", "", "")
    return tenant, day, person, model
