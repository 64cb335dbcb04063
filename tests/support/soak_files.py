"""Fifty small files of many formats, made from a seed."""

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import docx
import openpyxl
from pptx import Presentation
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

NAMES = "harbour ledger river turbine orchard signal copper winter engine paper island market thread window"
WORDS = NAMES.split()
PARAGRAPHS = 10
FIXED_TIME = (2024, 1, 1, 0, 0, 0)

Make = Callable[[random.Random], bytes]


def sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=12)).capitalize() + "."


def paragraph(chance: random.Random) -> str:
    return " ".join(sentence(chance) for _ in range(5))


def paragraphs(chance: random.Random) -> list[str]:
    return [paragraph(chance) for _ in range(PARAGRAPHS)]


def text(chance: random.Random) -> bytes:
    return "\n\n".join(paragraphs(chance)).encode()


def markdown(chance: random.Random) -> bytes:
    return "\n\n".join(f"## {sentence(chance)}\n\n{each}" for each in paragraphs(chance)).encode()


def html(chance: random.Random) -> bytes:
    body = "".join(f"<h2>{sentence(chance)}</h2><p>{each}</p>" for each in paragraphs(chance))
    return f"<!doctype html><html lang=en><title>Soak</title><body><main>{body}</main></body></html>".encode()


def table(chance: random.Random) -> list[list[str]]:
    rows = [[*chance.sample(WORDS, 3), str(chance.randint(1, 9999))] for _ in range(60)]
    return [["first", "second", "third", "number"], *rows]


def delimited(chance: random.Random) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(table(chance))
    return buffer.getvalue().encode()


def json_text(chance: random.Random) -> bytes:
    return json.dumps([{"title": sentence(chance), "text": each} for each in paragraphs(chance)], indent=1).encode()


def subtitles(chance: random.Random) -> bytes:
    cues = (f"00:{number:02d}:00.000 --> 00:{number:02d}:30.000\n{paragraph(chance)}" for number in range(PARAGRAPHS))
    return ("WEBVTT\n\n" + "\n\n".join(cues) + "\n").encode()


def word(chance: random.Random) -> bytes:
    document = docx.Document()
    for each in paragraphs(chance):
        document.add_heading(sentence(chance), 1)
        document.add_paragraph(each)
    return saved(document.save)


def slides(chance: random.Random) -> bytes:
    deck = Presentation()
    for each in paragraphs(chance):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = sentence(chance)
        slide.placeholders[1].text = each
    return saved(deck.save)


def workbook(chance: random.Random) -> bytes:
    book = openpyxl.Workbook()
    for row in table(chance):
        book.active.append(row)
    return saved(book.save)


def pdf(chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for page in range(4):
        canvas.drawString(72, 800, f"Report of the soak, page {page + 1}")
        for line in range(30):
            canvas.drawString(72, 770 - 20 * line, sentence(chance))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def mail(chance: random.Random) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", sentence(chance)
    message.set_content("\n\n".join(paragraphs(chance)))
    message.add_attachment(text(chance), maintype="text", subtype="plain", filename="attached.txt")
    message.set_boundary("soak")
    return message.as_bytes()


def archive(chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for number in range(2):
            packed.writestr(zipfile.ZipInfo(f"inside-{number}.txt", FIXED_TIME), text(chance))
    return buffer.getvalue()


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


MAKERS: dict[str, Make] = {
    "txt": text,
    "md": markdown,
    "html": html,
    "csv": delimited,
    "json": json_text,
    "vtt": subtitles,
    "docx": word,
    "pptx": slides,
    "xlsx": workbook,
    "pdf": pdf,
    "eml": mail,
    "zip": archive,
}


def soak_files(count: int = 50, seed: int = 2026) -> dict[str, bytes]:
    """By name; the formats take turns."""
    kinds = list(MAKERS)
    return {
        f"file-{number}.{kind}": MAKERS[kind](random.Random(seed * 1000 + number))
        for number in range(count)
        for kind in [kinds[number % len(kinds)]]
    }


def small_files(count: int, seed: int = 2026) -> dict[str, bytes]:
    """By name: texts of a few sentences, no two alike."""
    return {
        f"note-{seed}-{number}.txt": paragraph(random.Random(seed * 1000 + number)).encode() for number in range(count)
    }
