"""Workbooks: XLSX and ODS from their XML, XLS through calamine; sheet after sheet, hidden ones too."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import python_calamine

from footnote.modules.ingestion.extraction.composer import Composer, on_one_line
from footnote.modules.ingestion.extraction.context import Context
from footnote.modules.ingestion.extraction.errors import DamagedFile, PasswordProtected
from footnote.modules.ingestion.extraction.grid import Slot
from footnote.modules.ingestion.extraction.kinds import ODS, XLS, XLSX
from footnote.modules.ingestion.extraction.odf_sheets import sheets
from footnote.modules.ingestion.extraction.office_zip import OLE, PROTECTED, Package, opened, refuse_encrypted
from footnote.modules.ingestion.extraction.ole import refuse_circles
from footnote.modules.ingestion.extraction.opendocument import CONTENT, kind_of, title_of
from footnote.modules.ingestion.extraction.sheets import Row, SheetWriter, Spans
from footnote.modules.ingestion.extraction.xlsx import Workbook
from footnote.modules.ingestion.extraction.xlsx_formats import duration, moment_text, plain
from footnote.modules.ingestion.models import Extraction

_NO_RESULTS = "Some formulas have no stored results and were left out. Open and save the file in a spreadsheet program."
_Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def extract(path: Path, context: Context) -> Iterator[Extraction]:
    if _is_ole(path):
        yield from _xls(path, context)
        return
    with opened(path, context, "workbook") as package:
        if CONTENT in package.names:
            yield from _ods(package, context)
        else:
            yield from _xlsx(package, context)


def _xlsx(package: Package, context: Context) -> Iterator[Extraction]:
    composer = Composer()
    workbook = Workbook(package)
    title = package.title()
    for done, sheet in enumerate(workbook.sheets, 1):
        if composer.is_full:
            yield composer.build(XLSX, title=title)
            title = None
        writer = SheetWriter(composer, sheet.name)
        for _ in writer.write(workbook.rows(sheet)):
            yield composer.build(XLSX, title=title)
            context.report(done, len(workbook.sheets) + 1)
            title = None
        workbook.add_objects(sheet, writer)
    warnings = (*package.warnings(), *([_NO_RESULTS] if workbook.lacks_results else ()))
    if not composer.is_empty:
        yield composer.build(XLSX, title=title, warnings=warnings)


def _ods(package: Package, context: Context) -> Iterator[Extraction]:
    composer = Composer()
    kind_of(package)
    title, warnings = title_of(package), package.warnings()
    for done, (name, rows) in enumerate(sheets(package), 1):
        for _ in SheetWriter(composer, name).write(rows):
            yield composer.build(ODS, title=title, warnings=warnings)
            context.report(done, done + 1)
            title, warnings = None, ()
    if not composer.is_empty:
        yield composer.build(ODS, title=title, warnings=warnings)


def _xls(path: Path, context: Context) -> Iterator[Extraction]:
    refuse_encrypted(path)
    refuse_circles(path)
    composer = Composer()
    try:
        with python_calamine.load_workbook(path) as workbook:
            for done, name in enumerate(workbook.sheet_names, 1):
                for _ in SheetWriter(composer, name).write(_rows(workbook.get_sheet_by_index(done - 1))):
                    yield composer.build(XLS)
                    context.report(done, len(workbook.sheet_names) + 1)
    except python_calamine.PasswordError as error:
        raise PasswordProtected(PROTECTED) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise DamagedFile(f"The workbook is damaged: {error}") from error
    if not composer.is_empty:
        yield composer.build(XLS)


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[Row]:
    left = sheet.start[1] if sheet.start else 0
    merges: dict[int, list[tuple[int, int, int]]] = {}
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
        merges.setdefault(top, []).append((first, bottom - top + 1, last - first + 1))
    spans = Spans()
    for number, values in enumerate(sheet.iter_rows()):
        slots = {left + column: Slot(text) for column, value in enumerate(values) if (text := shown(value))}
        for column, height, width in merges.get(number, ()):
            if column in slots:
                slots[column] = Slot(slots[column].text, height, width)
        yield spans.apply(number, slots)


def shown(value: _Value) -> str:
    """What a cell's value reads as."""
    match value:
        case bool():
            return str(value).upper()
        case int() | float():
            return plain(value)
        case datetime.datetime():
            return moment_text(value)
        case datetime.timedelta():
            return duration(value)
        case datetime.date() | datetime.time():
            return value.isoformat()
    return on_one_line(value)


def _is_ole(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(OLE)) == OLE
