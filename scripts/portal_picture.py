"""Takes the README's picture of the portal: a real server, a question, and where its footnote leads.

.venv/bin/python scripts/portal_picture.py [modules/portal/portal.png]
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sample_report import write_report

PICTURE = Path(__file__).parents[1] / "modules" / "portal" / "portal.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ANSWER_VIEW = {"width": 1280, "height": 790}
PAGE_VIEW = {"width": 1280, "height": 640}
COLOURS = 128
PATIENCE_MS = 60_000
READY = re.compile(r"Footnote is ready: (http://\S+)")

QUESTION = "What was the operating profit?"
NOTES = {
    "diving-rota.md": "# Diving rota\n\nBlades are inspected in February, June and October, two divers to a blade.\n",
    "works-council.txt": "Minutes of the works council\n\nThe canteen at Vall Sound opens at six from May on.\n",
}


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    with tempfile.TemporaryDirectory(prefix="footnote-picture-") as folder:
        files = write_documents(Path(folder))
        with running_server(Path(folder) / "home") as url, browsing() as browser:
            page = browser.new_page(viewport=ANSWER_VIEW)
            page.set_default_timeout(PATIENCE_MS)
            page.goto(url)
            page.evaluate("document.documentElement.style.scrollbarGutter = 'auto'")  # there is no scroll bar to see
            write_picture(target, *(Image.open(io.BytesIO(shot)) for shot in take(page, files)))
    print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB")


def write_documents(folder: Path) -> list[Path]:
    for name, text in NOTES.items():
        (folder / name).write_text(text)
    report = folder / "annual-report-2025.pdf"
    write_report(report)
    return [*(folder / name for name in NOTES), report]


@contextmanager
def running_server(home: Path) -> Iterator[str]:
    """The address of a server with this data folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "footnote", "serve", "--port", "0"],
        env=environment | {"FOOTNOTE_HOME": str(home)},
        cwd=home.parent,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield address(process)
        finally:
            process.terminate()


def address(process: "subprocess.Popen[str]") -> str:
    assert process.stderr
    for line in process.stderr:
        if found := READY.search(line):
            return found.group(1)
    raise RuntimeError("the server ended before it was ready")


@contextmanager
def browsing() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit("No Chromium is installed; `make system` does it.")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])


def take(page: Page, files: list[Path]) -> Iterator[bytes]:
    """The answer, then the page to which its last footnote leads."""
    expect.set_options(timeout=PATIENCE_MS)
    for count, file in enumerate(files, start=1):
        page.set_input_files("#files", file)
        expect(page.locator("#document-list [data-status=ready]")).to_have_count(count)
    page.get_by_label("Ask your documents").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    answer = page.get_by_role("article", name=QUESTION)
    expect(answer).to_have_attribute("aria-busy", "false")
    yield page.screenshot()
    page.set_viewport_size(PAGE_VIEW)
    answer.locator(".noteref").last.click()
    expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()
    yield page.screenshot()


def write_picture(target: Path, *shots: Image.Image) -> None:
    """The shots one below the other, in few colours to keep the file small."""
    sheet = Image.new("RGB", (shots[0].width, sum(shot.height for shot in shots)))
    top = 0
    for shot in shots:
        sheet.paste(shot, (0, top))
        top += shot.height
    sheet.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main()
