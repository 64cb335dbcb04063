"""Rich Text: its words, and the packed form in which Outlook keeps it."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<word>[a-z]{1,32})(?P<number>-?\d{1,10})? ?|\\(?P<symbol>[^a-z])|(?P<mark>[{}])"
    r"|(?P<text>[^\\{}\r\n]+)|[\r\n]+"
)
_UNREAD_GROUPS = """
    fonttbl colortbl stylesheet info pict object header headerl headerr footer footerl footerr themedata datastore
    listtable listoverridetable rsidtbl generator xmlnstbl latentstyles fldinst revtbl filetbl mmathPr
    colorschememapping pntext bkmkstart bkmkend
"""
_UNREAD = frozenset(_UNREAD_GROUPS.split())
_BREAKS = {
    "par": "\n", "line": "\n", "tab": "\t", "cell": "\t", "row": "\n", "sect": "\n\n", "page": "\n\n",
    "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip
_SYMBOLS = {"~": "\u00a0", "_": "-", "\\": "\\", "{": "{", "}": "}", "\n": "\n", "\r": "\n"}
_CHARSETS = {0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs",
             161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
             204: "cp1251", 222: "cp874", 238: "cp1250"}  # fmt: skip
_FONT = re.compile(r"\\f(\d{1,6})\b[^{};]{0,200}?\\fcharset(\d{1,3})")
_MAX_DEPTH = 10_000
_PREFILLED = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n"
    b"\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096


def mail_body(content: bytes) -> tuple[str, str]:
    """The text of a message, and its HTML if it was HTML before Outlook packed it into Rich Text."""
    source = content.decode("latin-1")
    is_page = "\\fromhtml1" in source[:2000]
    words = _joined(_Reader(source, keeps_tags=is_page).read())
    return ("", words) if is_page else (words, "")


def text_of_rtf(content: bytes) -> str:
    return _joined(_Reader(content.decode("latin-1"), keeps_tags=False).read())


def unpacked(content: bytes) -> bytes:
    """Source: [MS-OXRTFCP]; content that is not packed, or breaks off, is returned as far as it goes."""
    if content[8:12] == b"MELA":
        return content[16:]
    size = int.from_bytes(content[4:8], "little")
    window = bytearray(_PREFILLED.ljust(_WINDOW, b" "))
    place, out, at = len(_PREFILLED), bytearray(), 16
    while at < len(content):
        flags = content[at]
        at += 1
        for bit in range(8):
            if flags >> bit & 1:
                if at + 2 > len(content):
                    return bytes(out[:size])
                reference = int.from_bytes(content[at : at + 2], "big")
                at += 2
                start, length = reference >> 4, (reference & 15) + 2
                if start == place:
                    return bytes(out[:size])
                taken = range(start, start + length)
            else:
                taken = range(at, min(at + 1, len(content)))
                at += 1
            for index in taken:
                byte = window[index % _WINDOW] if flags >> bit & 1 else content[index]
                out.append(byte)
                window[place] = byte
                place = (place + 1) % _WINDOW
    return bytes(out[:size])


class _Reader:
    def __init__(self, source: str, *, keeps_tags: bool) -> None:
        self._source = source
        self._keeps_tags = keeps_tags
        self._encoding = "cp1252"
        if found := re.search(r"\\ansicpg(\d{3,5})", source[:2000]):
            self._encoding = _known(f"cp{found.group(1)}")
        head = source[:200_000]
        self._fonts = {font: _CHARSETS.get(int(charset), self._encoding) for font, charset in _FONT.findall(head)}
        self._bytes = bytearray()  # of one or more characters, not yet decoded
        self._skip = 0  # replacement characters that follow one in Unicode
        # Of the open group: whether it is read, characters after one in Unicode, font.
        self._state: tuple[bool, int, str] = (True, 1, "")
        self._open: list[tuple[bool, int, str]] = []
        self._is_new = False  # the last token opened a group, perhaps one that may be ignored
        self._hides = False  # what stands for HTML in programs that know none

    def read(self) -> Iterator[str]:
        for token in _TOKEN.finditer(self._source):
            if token.group("hex"):
                self._byte(int(token.group("hex"), 16))
                continue
            if self._bytes:
                yield self._text()
            yield self._take(token)
        yield self._text()

    def _take(self, token: re.Match[str]) -> str:
        mark, symbol, word = token.group("mark", "symbol", "word")
        if mark:
            self._group(mark)
            return ""
        is_new, self._is_new = self._is_new, symbol == "*" and self._is_new
        if symbol == "*" and is_new:
            return ""
        if word:
            return self._word(word, token.group("number"), is_optional=is_new and self._was_starred(token))
        words = _SYMBOLS.get(symbol, "") if symbol else token.group("text") or ""
        return self._shown(words)

    def _was_starred(self, token: re.Match[str]) -> bool:
        return self._source[max(0, token.start() - 2) : token.start()] == "\\*"

    def _group(self, mark: str) -> None:
        if mark == "{" and len(self._open) < _MAX_DEPTH:
            self._open.append(self._state)
            self._is_new = True
        elif mark == "}":
            self._state = self._open.pop() if self._open else self._state
            self._is_new = False

    def _word(self, word: str, number: str | None, *, is_optional: bool) -> str:
        is_read, skipped, font = self._state
        if word in _UNREAD or (is_optional and not (self._keeps_tags and word == "htmltag")):
            self._state = (False, skipped, font)
        elif word == "htmlrtf":
            self._hides = self._keeps_tags and number != "0"
        elif word == "uc":
            self._state = (is_read, int(number or 1), font)
        elif word == "f":
            self._state = (is_read, skipped, number or "")
        elif word == "u" and number:
            shown = self._shown(_character(int(number)))
            self._skip = skipped
            return shown
        elif word in _BREAKS:
            return self._shown(_BREAKS[word])
        return ""

    def _byte(self, byte: int) -> None:
        if self._skip:
            self._skip -= 1
        elif self._state[0] and not self._hides:
            self._bytes.append(byte)

    def _text(self) -> str:
        encoding = self._fonts.get(self._state[2], self._encoding)
        words = bytes(self._bytes).decode(encoding, errors="replace")
        self._bytes.clear()
        return words

    def _shown(self, words: str) -> str:
        if self._skip and words:
            dropped, self._skip = self._skip, max(0, self._skip - len(words))
            words = words[dropped:]
        return words if self._state[0] and not self._hides else ""


def _joined(pieces: Iterator[str]) -> str:
    """The pieces as one text, in which the halves of a character found each other."""
    return "".join(pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _character(number: int) -> str:
    """Numbers are signed in 16 bits; halves of a pair are joined later."""
    return chr(number & 0xFFFF if number < 0 else min(number, 0x10FFFF))


def _known(encoding: str) -> str:
    try:
        "".encode(encoding)
    except LookupError:
        return "cp1252"
    return encoding
