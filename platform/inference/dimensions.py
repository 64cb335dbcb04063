"""How many numbers the embeddings of known models have, and how many they can be asked for."""

from collections.abc import Mapping

import msgspec


class Dimensions(msgspec.Struct, frozen=True):
    own: int  # where nothing is asked
    others: tuple[int, ...] = ()  # that can be asked for as well
    least: int = 0  # where any number from this one to `own` can be

    def allows(self, dimension: int) -> bool:
        return dimension in (self.own, *self.others) or 0 < self.least <= dimension <= self.own

    def __str__(self) -> str:
        if self.least:
            return f"{self.least} to {self.own}"
        return ", ".join(map(str, sorted((self.own, *self.others))))


NESTED = Dimensions(1024, others=(256, 512, 2048))
KNOWN: Mapping[str, Dimensions] = {
    "local:all-MiniLM-L6-v2": Dimensions(384),
    **dict.fromkeys(("voyage:voyage-4-large", "voyage:voyage-4", "voyage:voyage-4-lite"), NESTED),
    **dict.fromkeys(("voyage:voyage-3-large", "voyage:voyage-3.5", "voyage:voyage-3.5-lite"), NESTED),
    "voyage:voyage-code-3": NESTED,
    **dict.fromkeys(("voyage:voyage-3", "voyage:voyage-finance-2", "voyage:voyage-law-2"), Dimensions(1024)),
    "voyage:voyage-multilingual-2": Dimensions(1024),
    "voyage:voyage-3-lite": Dimensions(512),
    "openai:text-embedding-3-small": Dimensions(1536, least=1),
    "openai:text-embedding-3-large": Dimensions(3072, least=1),
    "openai:text-embedding-ada-002": Dimensions(1536),
    **dict.fromkeys(
        ("google:gemini-embedding-001", "google:gemini-embedding-2", "google:gemini-embedding-2-preview"),
        Dimensions(3072, least=128),
    ),
}


def dimension_of(name: str, asked: int) -> int | None:
    """Of the embeddings of the model `provider:model`, 0 standing for its own; None where nobody knows that.

    Raises:
        ValueError: The model does not give as many as asked for.
    """
    known = KNOWN.get(name)
    if known is None:
        return asked or None
    if asked and not known.allows(asked):
        raise ValueError(f"{name} gives embeddings of {known} numbers, not of {asked}")
    return asked or known.own
