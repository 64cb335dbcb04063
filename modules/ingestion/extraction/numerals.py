"""Numbers as lists write them."""

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_SMALL_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def numeral(number: int, style: str) -> str:
    """`style` as HTML has it: 1, a, A, i or I. What a style cannot write is written in digits."""
    if style in ("a", "A") and number > 0:
        written = _letters(number)
    elif style in ("i", "I") and 0 < number < 4000:
        written = _roman(number)
    else:
        return str(number)
    return written.upper() if style.isupper() else written


def _letters(number: int) -> str:
    written = ""
    while number:
        number, place = divmod(number - 1, 26)
        written = chr(ord("a") + place) + written
    return written


def _roman(number: int) -> str:
    written = ""
    for worth, letters in _ROMAN + _SMALL_ROMAN:
        written += letters * (number // worth)
        number %= worth
    return written
