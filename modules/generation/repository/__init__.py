"""Where answers are kept: the port that `sqlite` and `mongo` implement."""

from collections.abc import Collection
from typing import Protocol

from footnote.modules.generation.models import Answer
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction


class AnswerRepository(Protocol):
    async def add(self, tx: Transaction, principal: Principal, answer: Answer) -> None:
        """Keep the answer as one that `principal` asked for."""
        ...

    async def get(self, principal: Principal, answer_id: str) -> Answer:
        """
        Raises:
            AnswerNotFound: There is none that `principal` asked for.
        """
        ...

    async def hold(self, tx: Transaction, principal: Principal, answer_id: str) -> None:
        """Until the transaction ends nobody deletes the answer: who tries at the same time conflicts.

        Raises:
            AnswerNotFound: There is none that `principal` asked for.
        """
        ...

    async def get_all(self, principal: Principal, answer_ids: Collection[str]) -> list[Answer]:
        """Those of `answer_ids` that `principal` asked for, oldest first."""
        ...

    async def drawn_from(self, tx: Transaction, tenant: str, document_id: str) -> list[str]:
        """Ids of the answers that hold passages or quotes of the document, oldest first."""
        ...

    async def load(self, tx: Transaction, tenant: str, answer_id: str) -> Answer:
        """An answer of whomever, to be changed in the same transaction.

        Raises:
            AnswerNotFound: The tenant has no such answer.
        """
        ...

    async def replace(self, tx: Transaction, tenant: str, answer: Answer) -> None:
        """Keep `answer` in place of the one of the same id; its documents are those that it holds now."""
        ...

    async def delete(self, tx: Transaction, tenant: str, answer_ids: Collection[str]) -> int:
        """How many there were."""
        ...
