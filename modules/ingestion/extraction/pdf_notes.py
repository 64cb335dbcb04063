"""What stands on a PDF page beside its text: comments, and what a form was filled with."""

import ctypes
from collections.abc import Callable, Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from footnote.modules.ingestion.extraction.decoding import clean
from footnote.modules.ingestion.extraction.pdf_lines import Line
from footnote.modules.ingestion.extraction.pdf_words import PageFrame, PdfWord, Rectangle

_COMMENTS = frozenset(
    (
        raw.FPDF_ANNOT_TEXT,
        raw.FPDF_ANNOT_FREETEXT,
        raw.FPDF_ANNOT_HIGHLIGHT,
        raw.FPDF_ANNOT_UNDERLINE,
        raw.FPDF_ANNOT_SQUIGGLY,
        raw.FPDF_ANNOT_STRIKEOUT,
        raw.FPDF_ANNOT_STAMP,
        raw.FPDF_ANNOT_CARET,
    )
)
_WRITTEN = frozenset((raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX))
_TICKED = frozenset((raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON))
_MAX_NOTES = 1000  # of a page
_MAX_BYTES = 1 << 20
_SIDE = 0.5  # points that even an empty rectangle has


def page_notes(page: pdfium.PdfPage, frame: PageFrame, text: Callable[[], str]) -> Iterator[Line]:
    """Each as one line whose words all have the annotation's rectangle; `text` is what the page says anyway."""
    for index in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _MAX_NOTES)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            words = _words(page, annotation, text)
            if words:
                box = _box(annotation, frame)
                yield Line([PdfWord(word, box) for word in words], *box, [box], page=0)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _words(page: pdfium.PdfPage, annotation: raw.FPDF_ANNOTATION, text: Callable[[], str]) -> list[str]:
    kind = raw.FPDFAnnot_GetSubtype(annotation)
    if kind in _COMMENTS:
        contents = _words_of(lambda buffer, size: raw.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size))
        return ["Note:", *contents] if contents else []
    if kind == raw.FPDF_ANNOT_WIDGET and page.formenv is not None:
        return _filled(page.formenv.raw, annotation, text)
    return []


def _filled(form: raw.FPDF_FORMHANDLE, annotation: raw.FPDF_ANNOTATION, text: Callable[[], str]) -> list[str]:
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _WRITTEN:
        value = _words_of(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))
        if "".join(value) in "".join(text().split()):
            return []
    elif kind in _TICKED and raw.FPDFAnnot_IsChecked(form, annotation):
        value = ["yes"]
    else:
        return []
    label = _words_of(
        lambda buffer, size: raw.FPDFAnnot_GetFormFieldAlternateName(form, annotation, buffer, size)
    ) or _words_of(lambda buffer, size: raw.FPDFAnnot_GetFormFieldName(form, annotation, buffer, size))
    return [*label[:-1], f"{label[-1]}:", *value] if label else value


def _words_of(read: Callable[[object, int], int]) -> list[str]:
    """The words of a string that PDFium writes to a buffer as UTF-16 with a zero at its end, and measures."""
    size = min(read(None, 0), _MAX_BYTES)
    if size <= 2:
        return []
    buffer = ctypes.create_string_buffer(size)
    read(ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return clean(buffer.raw[: size - 2].decode("utf-16-le", "ignore")).split()


def _box(annotation: raw.FPDF_ANNOTATION, frame: PageFrame) -> Rectangle:
    """Where it stands; the whole page if that is not on the page."""
    rectangle = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, rectangle)
    left, right = sorted((rectangle.left, rectangle.right))
    bottom, top = sorted((rectangle.bottom, rectangle.top))
    box = frame.displayed(left, bottom, max(right, left + _SIDE), max(top, bottom + _SIDE))
    return frame.clipped(box) or (0.0, 0.0, frame.width, frame.height)
