"""How many tokens a text has for a model whose tokenizer is not at hand."""

LATIN = 4  # characters of a token, about, in languages of Latin script


def estimated_tokens(text: str) -> int:
    """Rather too many than too few: a quarter of the ASCII characters, and each other character by itself."""
    plain = len(text.encode("ascii", "ignore"))
    return -(-plain // LATIN) + len(text) - plain
