"""A real server and a real browser."""

import io
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright, expect
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BROWSER_ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 180.0
PDF_FONT = ("Helvetica", 12)

PATIENCE_MS = 45_000

expect.set_options(timeout=PATIENCE_MS)

ServerStarter = Callable[..., str]
PortalOpener = Callable[[str], Awaitable[Page]]
Uploader = Callable[[str, bytes], Awaitable[None]]
ReportMaker = Callable[..., bytes]


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The system's Chromium: where it must be, in CI, its absence is a failure."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None and os.environ.get("CI") == "true":
        pytest.fail(f"none of {', '.join(BROWSERS)} is installed; `make system` does it")
    if path is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed; `make system` does it")
    return path


@contextmanager
def running_server(home: Path, **settings: str) -> Iterator[str]:
    """The address of `footnote serve`, ready."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    environment = {**inherited, "FOOTNOTE_HOME": str(home), **settings}
    log = (home / "server.log").open("wb")
    command = [sys.executable, "-P", "-m", "footnote", "serve", "--port", str(port)]
    with log, subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log) as process:
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", process, home / "server.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/ready").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(f"the server did not become ready:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory, built_models: Path) -> Iterator[ServerStarter]:
    """Starts a server with these settings in a home of its own, and gives its address."""
    with ExitStack() as running:

        def start(**settings: str) -> str:
            home = tmp_path_factory.mktemp("home")
            (home / "models").symlink_to(built_models)
            return running.enter_context(running_server(home, **settings))

        yield start


@pytest.fixture(scope="session")
def server(start_server: ServerStarter) -> str:
    return start_server()


@pytest.fixture
def clean_server(server: str) -> str:
    """The server of the session without a document."""
    with httpx.Client(base_url=f"{server}/api/v1") as client:
        while documents := client.get("/documents").json()["items"]:
            for document in documents:
                client.delete(f"/documents/{document['id']}").raise_for_status()
    return server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(browser_path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path, args=BROWSER_ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_portal(browser: Browser) -> AsyncIterator[PortalOpener]:
    """Opens the portal at an address. A test ends without a complaint and without a request that left the server."""
    complaints: list[str] = []
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)

    async def open_portal(url: str) -> Page:
        page = await context.new_page()
        listen_for_complaints(page, url, complaints)
        await page.goto(url)
        return page

    yield open_portal
    await context.close()
    assert complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(open_portal: PortalOpener, clean_server: str) -> Page:
    return await open_portal(clean_server)


def listen_for_complaints(page: Page, server: str, complaints: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        is_refusal = "the server responded with a status of 4" in message.text
        if message.type in ("error", "warning") and not is_refusal:
            complaints.append(message.text)

    def on_request(request: Request) -> None:
        if not request.url.startswith((f"{server}/", f"blob:{server}/")):
            complaints.append(f"request to {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", on_request)


@pytest.fixture
def upload(page: Page) -> Uploader:
    """Uploads a file of this name and content through the page."""

    async def upload(name: str, content: bytes) -> None:
        await page.set_input_files("#files", {"name": name, "mimeType": "", "buffer": content})

    return upload


@pytest.fixture
def add(page: Page, upload: Uploader) -> Uploader:
    """The same, and waits until the document is ready."""

    async def add(name: str, content: bytes) -> None:
        ready = page.locator("#document-list [data-status=ready]")
        count = await ready.count()
        await upload(name, content)
        await expect(ready).to_have_count(count + 1)

    return add


@pytest.fixture
def make_report() -> ReportMaker:
    """Makes a PDF of Letter pages, each a list of (distance from the top, line), set at 72 points from the left."""

    def make(*pages: list[tuple[float, str]], password: str | None = None) -> bytes:
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=letter, encrypt=password)
        for lines in pages:
            canvas.setFont(*PDF_FONT)
            for top, line in lines:
                canvas.drawString(72, letter[1] - top, line)
            canvas.showPage()
        canvas.save()
        return buffer.getvalue()

    return make


REVENUE = "Meridian Optics earned a revenue of 48.2 million euros in the third quarter of 2023."
REVENUE_TOP = 420.0


@pytest.fixture
def report(make_report: ReportMaker) -> bytes:
    """Four pages, one subject each; page 3 states the revenue, far enough down that the viewer must scroll."""
    return make_report(
        [
            (96, "Meridian Optics grinds lenses for telescopes in Jena."),
            (114, "It was founded in 1911 by two brothers."),
        ],
        [
            (96, "The company employs 1,204 people, most of them in the workshops."),
            (114, "A school trains apprentices."),
        ],
        [(96, "The harvest of apples in the valley was poor."), (REVENUE_TOP, REVENUE)],
        [(96, "The board meets again in January to decide about the new furnace.")],
    )
