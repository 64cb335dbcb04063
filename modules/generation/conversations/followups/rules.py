"""Follow-ups by rules."""

from footnote.modules.generation.conversations.reading import Exchange


def resolved(question: str, before: Exchange) -> str | None:
    """`question` made to stand alone after `before`; nothing where it already does."""
    return None
