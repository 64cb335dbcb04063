"""What every view must keep to: both themes, small screens, readers who listen."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import FilePayload, Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's loop

Uploader = Callable[[str, bytes], Awaitable[None]]

SENTENCE = b"Meridian Optics earned a revenue of 48.2 million euros in the third quarter of 2023."

# Contrast of each visible run of text with what is painted behind it, of those below 4.5.
FAINT = """() => {
    const channels = (color) => {
        const context = new OffscreenCanvas(1, 1).getContext("2d");
        context.fillStyle = color;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data];
    };
    const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const luminance = ([r, g, b]) => {
        return 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
    };
    const behind = (node) => {
        const color = channels(getComputedStyle(node).backgroundColor);
        return color[3] === 255 || !node.parentElement ? color : behind(node.parentElement);
    };
    const contrast = (node) => {
        const [low, high] = [channels(getComputedStyle(node).color), behind(node)].map(luminance).sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const isText = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    return [...document.querySelectorAll("body *")]
        .filter((node) => isText(node) && node.checkVisibility())
        .map((node) => [node.textContent.trim().slice(0, 40), contrast(node)])
        .filter(([, ratio]) => ratio < 4.5);
}"""


async def fill(page: Page) -> None:
    """A page with a ready document, a refused one, an answer and one that is none."""
    files: list[FilePayload] = [
        {
            "name": "a-name-without-a-single-space-that-goes-on-and-on-and-on-and-on.txt",
            "mimeType": "",
            "buffer": SENTENCE,
        },
        {"name": "program.exe", "mimeType": "", "buffer": b"MZ\x90\x00" + bytes(400)},
    ]
    await page.set_input_files("#files", files)
    await expect(page.locator("#document-list [data-status=ready]")).to_have_count(1)
    await expect(page.locator("#uploads .problem")).to_have_count(1)
    for question in ("What revenue did Meridian Optics earn?", "Who won the world cup of 1974?"):
        await page.get_by_label("Ask your documents").fill(question)
        await page.keyboard.press("Enter")
        await page.get_by_role("article", name=question).get_by_role("button", name="Not helpful").click()
        await expect(page.get_by_role("article", name=question).get_by_label("What is wrong with it?")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_text_stands_out_from_its_background(page: Page, theme: str) -> None:
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    await fill(page)
    assert await page.evaluate(FAINT) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_text_stands_out_on_the_page_of_memories(page: Page, clean_server: str, theme: str) -> None:
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    await page.goto(f"{clean_server}/memories")
    await page.get_by_label("Something to remember").fill(f"The theme is {theme}.")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(f"The theme is {theme}.")).to_be_visible()
    assert await page.evaluate(FAINT) == []


async def test_a_dark_system_gets_a_dark_page(page: Page) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    assert await page.evaluate(paper) == "rgb(250, 248, 243)"
    await page.emulate_media(color_scheme="dark")
    assert await page.evaluate(paper) == "rgb(23, 22, 20)"


async def test_a_phone_scrolls_in_one_direction(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await fill(page)
    overflow = "document.documentElement.scrollWidth - innerWidth"
    assert await page.evaluate(overflow) <= 0
    await page.locator(".noteref").first.click()
    await expect(page.locator("mark")).to_be_in_viewport()
    assert await page.evaluate(overflow) <= 0


async def test_words_of_a_page_can_be_read_on_a_phone(page: Page, report: bytes, add: Uploader) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await add("meridian.pdf", report)
    await page.get_by_label("Ask your documents").fill("What revenue did Meridian Optics earn?")
    await page.get_by_role("button", name="Ask", exact=True).click()
    await page.locator(".noteref").first.click()
    await expect(page.get_by_role("button", name="Enlarge")).to_have_attribute("aria-pressed", "true")
    width = await page.get_by_role("dialog").get_by_role("img").evaluate("(image) => image.clientWidth")
    assert width >= 612  # a pixel or more to each point of the page


async def test_what_is_written_from_the_right_stands_on_the_right(page: Page) -> None:
    await page.get_by_label("Ask your documents").fill("ما هي عاصمة فرنسا؟")
    await page.keyboard.press("Enter")
    question = page.locator("#answers .question")
    await expect(question).to_be_visible()
    assert await question.evaluate("(node) => getComputedStyle(node).direction") == "rtl"


async def test_every_control_has_a_name(page: Page) -> None:
    await fill(page)
    controls = page.locator("button:visible, a:visible, input:visible, textarea:visible")
    for control in await controls.all():
        await expect(control).to_have_accessible_name(re.compile(r"\S"))


REMEMBER = """
() => {
  const announcer = document.getElementById("announcer");
  globalThis.announced = [];
  new MutationObserver(() => globalThis.announced.push(announcer.textContent)).observe(announcer, { childList: true });
}
"""


async def test_progress_and_answers_are_announced(page: Page) -> None:
    await expect(page.locator("#announcer[role=status]")).to_have_count(1)
    await page.evaluate(REMEMBER)  # one announcement replaces another
    await fill(page)
    await expect(page.locator(".prose[aria-live=polite]")).to_have_count(2)
    await page.wait_for_function("announced.some((words) => words.includes('is ready'))")
    await page.wait_for_function("announced.some((words) => words.includes('was not added'))")


async def test_motion_is_left_out_on_request(page: Page) -> None:
    await page.emulate_media(reduced_motion="reduce")
    durations = await page.evaluate(
        "[...document.querySelectorAll('*')].map((node) => getComputedStyle(node).transitionDuration)"
    )
    assert set(durations) == {"0s"}
