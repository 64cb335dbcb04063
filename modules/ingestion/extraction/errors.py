"""Why a file gave no text. They travel between processes, so each is made from its detail alone."""

from footnote.platform.errors import Invalid


class Unreadable(Invalid):
    """Base of what is wrong with a file that was taken in."""

    type = "/problems/unreadable"
    title = "Unreadable"


class EmptyFile(Unreadable):
    type = "/problems/empty-file"
    title = "Empty file"


class NoText(Unreadable):
    type = "/problems/no-text"
    title = "No text found"


class PasswordProtected(Unreadable):
    type = "/problems/password-protected"
    title = "Password-protected"


class DamagedFile(Unreadable):
    type = "/problems/damaged-file"
    title = "Damaged file"


class UnforeseenFault(DamagedFile):
    """Its reader failed in a way that it does not tell apart; the log has the cause."""


class NotText(Unreadable):
    type = "/problems/not-text"
    title = "Not text"


class TooExpensive(Unreadable):
    type = "/problems/too-expensive"
    title = "Too much to unpack"


class OcrUnavailable(Unreadable):
    """For want of a program or of a language's model; no page can be read until it is installed."""

    type = "/problems/ocr-unavailable"
    title = "OCR is not installed"


class OcrFailed(Unreadable):
    """One picture took too long or was too much; the next may do well."""

    type = "/problems/ocr-failed"
    title = "OCR failed"


class PageOutOfRange(Invalid):
    type = "/problems/page-out-of-range"
    title = "No such page"
