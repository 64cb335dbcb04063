"""Files made for the tests of extraction."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

Write = Callable[[str, str | bytes], Path]
Draw = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of that name and content."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """Draws a PDF of one page of 600 by 800 points with a function that gets its canvas."""

    def draw(paint: Callable[[Canvas], None], **options: Any) -> Path:
        path = tmp_path / "drawn.pdf"
        canvas = Canvas(str(path), pagesize=(600, 800), **options)
        paint(canvas)
        canvas.showPage()
        canvas.save()
        return path

    return draw
