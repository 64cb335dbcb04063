"""Where the prompts of tenants are kept: the port that `sqlite_prompts` and `mongo_prompts` implement."""

from typing import Protocol

from footnote.modules.generation.prompting.models import Prompt
from footnote.platform.storage import Transaction


class PromptRepository(Protocol):
    """Versions are added and never changed."""

    async def add(self, tx: Transaction, tenant: str, prompt: Prompt) -> None:
        """Keep a version that is not there yet.

        Raises:
            TransactionConflict: Somebody else has added it since `tx` looked.
        """
        ...

    async def last_version(self, tx: Transaction, tenant: str, name: str) -> int:
        """The greatest number of a version of `name`; 0 where there is none."""
        ...

    async def versions(self, tenant: str, name: str) -> list[Prompt]:
        """Oldest first."""
        ...

    async def all(self, tenant: str) -> list[Prompt]:
        """By name and version."""
        ...
