"""Signing in where the server asks for a key."""

from collections.abc import Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's loop

KEY = "a-key-of-the-tests"


@pytest_asyncio.fixture(loop_scope="session")
async def locked_page(start_server: Callable[..., str], open_portal: Callable[[str], Awaitable[Page]]) -> Page:
    return await open_portal(start_server(FOOTNOTE_API_KEYS=KEY))


async def sign_in(page: Page, key: str) -> None:
    await page.get_by_label("API key").fill(key)
    await page.get_by_role("dialog").get_by_role("button", name="Sign in").click()


async def test_a_key_opens_the_portal_and_signing_out_closes_it(locked_page: Page) -> None:
    await sign_in(locked_page, "wrong")
    await expect(locked_page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    await locked_page.keyboard.press("Escape")
    await expect(locked_page.locator("#notice")).to_contain_text("Not signed in")
    await locked_page.get_by_role("button", name="Sign in").click()
    await sign_in(locked_page, KEY)
    await expect(locked_page.get_by_text("Nothing to read yet")).to_be_visible()
    await locked_page.set_input_files("#files", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"Hello there."})
    await expect(locked_page.locator("#document-list [data-status=ready]")).to_have_count(1)
    assert await locked_page.evaluate("document.cookie") == ""
    await locked_page.get_by_role("button", name="Sign out").click()
    await expect(locked_page.get_by_label("API key")).to_be_visible()
