"""The page of what a person asked to be remembered."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's loop

MUNICH = "I work in Munich."


@pytest_asyncio.fixture(loop_scope="session")
async def page(open_portal: Callable[[str], Awaitable[Page]], server: str) -> Page:
    """The page, with nothing on it."""
    async with httpx.AsyncClient(base_url=f"{server}/api/v1") as client:
        for memory in (await client.get("/memories")).json()["items"]:
            await client.delete(f"/memories/{memory['id']}")
    portal = await open_portal(server)
    await portal.get_by_role("link", name="Memories").click()
    await expect(portal.get_by_text("Nothing is remembered")).to_be_visible()
    return portal


async def remember(page: Page, text: str) -> None:
    await page.get_by_label("Something to remember").fill(text)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("listitem").filter(has_text=text)).to_have_count(1)


async def test_what_is_written_there_is_remembered_once(page: Page) -> None:
    await remember(page, MUNICH)
    await expect(page.get_by_label("Something to remember")).to_have_value("")
    await remember(page, MUNICH)
    await page.reload()
    await expect(page.locator("#memory-list > li")).to_have_count(1)


async def test_a_memory_is_changed_where_it_stands(page: Page) -> None:
    await remember(page, MUNICH)
    await page.get_by_role("button", name=f"Edit “{MUNICH}”").press("Enter")
    await page.get_by_label("Memory", exact=True).fill("I work in Bonn.")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Edit “I work in Bonn.”")).to_be_focused()
    await page.reload()
    await expect(page.locator("#memory-list")).to_contain_text("I work in Bonn.")


async def test_a_memory_is_deleted_after_asking(page: Page) -> None:
    await remember(page, MUNICH)
    await page.get_by_role("button", name=f"Delete “{MUNICH}”").click()
    await page.get_by_role("dialog").get_by_role("button", name="Keep it").click()
    await expect(page.locator("#memory-list > li")).to_have_count(1)
    await page.get_by_role("button", name=f"Delete “{MUNICH}”").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("Nothing is remembered")).to_be_visible()


async def test_a_change_that_is_refused_says_why_and_keeps_the_words(page: Page) -> None:
    await remember(page, MUNICH)
    problem = {"title": "Too long", "detail": "Say it shorter.", "status": 422}
    await page.route("**/api/v1/memories/*", lambda route: route.fulfill(status=422, json=problem))
    await page.get_by_role("button", name=f"Edit “{MUNICH}”").click()
    await page.get_by_label("Memory", exact=True).fill("Too long a tale.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("listitem").get_by_role("alert")).to_contain_text("Say it shorter.")
    await expect(page.get_by_label("Memory", exact=True)).to_have_value("Too long a tale.")


async def test_a_request_in_a_question_stands_there(page: Page, server: str) -> None:
    await page.goto(server)
    await page.get_by_label("Ask your documents").fill(f"Remember that {MUNICH}")
    await page.keyboard.press("Enter")
    await expect(page.locator("#answers").get_by_role("button", name="Edit question")).to_be_visible()
    await page.get_by_role("link", name="Memories").click()
    await expect(page.locator("#memory-list")).to_contain_text(MUNICH)


async def test_a_phone_shows_long_memories_whole(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await remember(page, "a" * 200)
    await page.get_by_role("button", name="Edit “aaaa").click()
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
