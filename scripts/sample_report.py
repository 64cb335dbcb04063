"""Writes a PDF to try Footnote with: the annual report of a company that does not exist.

.venv/bin/python scripts/sample_report.py report.pdf
"""

import sys
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

NAME = "Skerry Tidal Power"
TITLE = "Annual Report 2025"
SEA, FOAM, INK = HexColor("#12485a"), HexColor("#e4eef0"), HexColor("#20282b")
MARGIN = 48.0  # points

BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=11.5, leading=16.5, textColor=INK, spaceAfter=9)
HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=19, leading=25, textColor=SEA, spaceAfter=12)
SUBHEADING = ParagraphStyle(
    "subheading", fontName="Helvetica-Bold", fontSize=13, leading=18, textColor=SEA, spaceBefore=10, spaceAfter=5
)
COVER = ParagraphStyle("cover", parent=HEADING, fontSize=29, leading=38)

# A page each: a heading, then paragraphs; a line that begins with `#` heads what follows it.
CHAPTERS = (
    (
        "Letter from the chair",
        "The past year was the first in which all three of our stations ran from January to December. The turbines "
        "generated 412 gigawatt-hours of electricity in 2025, a fifth more than in the year before.",
        "We did not reach every goal. The cable to the island of Hesk was delayed by nine weeks, because autumn "
        "storms kept the laying vessel in harbour. The cable was finished in March 2026 and cost 6.2 million euros "
        "more than planned.",
        "On behalf of the board I thank the crews who went out in weather that kept others at home.",
        "<i>Ingrid Faller</i>, chair of the board",
    ),
    (
        "Review of the year",
        "# Generation",
        "Skerry Tidal Power runs three stations with 48 turbines between them. The station at Vall Sound is the "
        "largest: its 26 turbines produced 231 gigawatt-hours. Availability of the turbines rose from 91.3% to 94.8%, "
        "because blades are now inspected by divers every four months instead of twice a year.",
        "# Customers",
        "Most of the electricity is sold under contracts of ten years to two railways and a paper mill. The paper mill "
        "extended its contract until 2038. About 9% of the electricity was sold on the day-ahead market.",
        "# Wildlife",
        "No collision of a seal or porpoise with a turbine was observed. Sonar stopped the turbines 317 times because "
        "an animal came closer than 50 metres, which cost 0.4% of the year's generation.",
    ),
    (
        "Financial summary",
        "Revenue grew by 18% to 63.9 million euros. Operating profit was 14.1 million euros after 11.6 million euros "
        "in 2024. Net debt fell to 88 million euros. The board proposes a dividend of 0.35 euros per share.",
        "@table",
        "The loan for Vall Sound carries a fixed rate of 3.1% and is to be repaid in full by 2034.",
    ),
    (
        "People and safety",
        "At the end of the year 214 people worked for the company, 19 more than a year earlier. A third of them work "
        "at sea. Eleven apprentices began their training as marine electricians.",
        "# Accidents",
        "There were two accidents that led to lost working days, after five in 2024. Since June every crew transfer is "
        "called off when waves are higher than 1.8 metres; before, the limit was 2.2 metres.",
    ),
    (
        "Outlook",
        "For 2026 we expect to generate between 430 and 450 gigawatt-hours. The fourth station, off Hesk, will have 14 "
        "turbines and is to be connected to the grid in the autumn of 2026.",
        "# Risks",
        "The greatest risk is the supply of gearboxes, which come from a single maker. We keep six in store, enough "
        "for about fourteen months.",
    ),
)
FIGURES = (
    ("million euros", "2025", "2024"),
    ("Revenue", "63.9", "54.2"),
    ("Operating costs", "49.8", "42.6"),
    ("Operating profit", "14.1", "11.6"),
    ("Interest", "3.0", "3.4"),
    ("Profit before tax", "11.1", "8.2"),
    ("Net debt", "88.0", "97.5"),
)


def write_report(path: Path) -> None:
    template = SimpleDocTemplate(
        str(path), pagesize=A5, title=f"{NAME}: {TITLE}", author=NAME, leftMargin=MARGIN, rightMargin=MARGIN
    )
    story: list[Flowable] = [Spacer(1, 130), Paragraph(NAME, COVER), Paragraph(TITLE, HEADING)]
    for heading, *paragraphs in CHAPTERS:
        story += [PageBreak(), Paragraph(heading, HEADING), *map(flowable, paragraphs)]
    template.build(story, onFirstPage=draw_band, onLaterPages=draw_frame)


def flowable(paragraph: str) -> Flowable:
    if paragraph == "@table":
        return figures()
    is_heading = paragraph.startswith("# ")
    return Paragraph(paragraph.removeprefix("# "), SUBHEADING if is_heading else BODY)


def figures() -> Table:
    table = Table(FIGURES, colWidths=[190, 65, 65], hAlign="LEFT", spaceBefore=8, spaceAfter=16)
    style = [
        ("FONT", (0, 0), (-1, -1), "Times-Roman", 11.5),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 10),
        ("TEXTCOLOR", (0, 0), (-1, 0), SEA),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, 0), 1, SEA),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [FOAM, None]),
    ]
    table.setStyle(TableStyle(style))
    return table


def draw_band(canvas: Canvas, _: SimpleDocTemplate) -> None:
    canvas.setFillColor(SEA)
    canvas.rect(0, A5[1] - 120, A5[0], 120, stroke=0, fill=1)


def draw_frame(canvas: Canvas, _: SimpleDocTemplate) -> None:
    canvas.setFillColor(SEA)
    canvas.rect(0, A5[1] - 14, A5[0], 14, stroke=0, fill=1)
    canvas.setFont("Helvetica", 8.5)
    canvas.drawString(MARGIN, 40, f"{NAME} · {TITLE}")
    canvas.drawRightString(A5[0] - MARGIN, 40, str(canvas.getPageNumber()))


if __name__ == "__main__":
    write_report(Path(sys.argv[1]))
