"""Saying what one thinks of an answer."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's loop

Upload = Callable[[str, bytes], Awaitable[None]]

QUESTION = "What revenue did Meridian Optics earn in the third quarter of 2023?"


def thumb(answer: Locator, name: str) -> Locator:
    return answer.get_by_role("group", name="Was this answer helpful?").get_by_role("button", name=name, exact=True)


@pytest.fixture
def ask(page: Page, report: bytes, add: Upload) -> Callable[[], Awaitable[Locator]]:
    """Gives an answer that can be rated."""

    async def ask() -> Locator:
        await add("meridian.pdf", report)
        await page.get_by_label("Ask your documents").fill(QUESTION)
        await page.get_by_role("button", name="Ask", exact=True).click()
        answer = page.get_by_role("article", name=QUESTION)
        await expect(thumb(answer, "Helpful")).to_be_visible()
        return answer

    return ask


async def test_a_rating_and_its_reason_are_there_after_a_reload(
    page: Page, ask: Callable[..., Awaitable[Locator]]
) -> None:
    answer = await ask()
    await thumb(answer, "Not helpful").click()
    await answer.get_by_label("What is wrong with it? (optional)").fill("It leaves out the currency.")
    await answer.get_by_role("button", name="Keep comment").click()
    await expect(answer.get_by_text("You wrote:")).to_be_visible()
    await page.reload()
    await expect(thumb(answer, "Not helpful")).to_have_attribute("aria-pressed", "true")
    await expect(answer.locator(".comment")).to_contain_text("It leaves out the currency.")


async def test_another_press_withdraws_a_rating(page: Page, ask: Callable[..., Awaitable[Locator]]) -> None:
    answer = await ask()
    await thumb(answer, "Helpful").dblclick()
    await expect(page.locator("#announcer")).to_have_text("Your rating is withdrawn.")
    await expect(thumb(answer, "Helpful")).to_have_attribute("aria-pressed", "false")
    await expect(answer.locator(".comment")).to_be_empty()
    await page.reload()
    await expect(thumb(answer, "Helpful")).to_have_attribute("aria-pressed", "false")


async def test_a_rating_that_cannot_be_kept_says_why(page: Page, ask: Callable[..., Awaitable[Locator]]) -> None:
    answer = await ask()
    problem = {"title": "Not now", "detail": "The disk is full.", "status": 507}
    await page.route("**/feedback", lambda route: route.fulfill(status=404, json=problem))
    await thumb(answer, "Helpful").click()
    await expect(answer.get_by_role("alert")).to_contain_text("The disk is full.")
    await expect(thumb(answer, "Helpful")).to_have_attribute("aria-pressed", "false")
