"""Going on with a conversation, editing a question, and finding a conversation again."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's loop

Upload = Callable[[str, bytes], Awaitable[None]]

QUESTION = "What revenue did Meridian Optics earn in the third quarter of 2023?"
FOLLOW_UP = "And in the quarter before?"
UNDERSTOOD = "What revenue did Meridian Optics earn in the second quarter of 2023?"


async def ask(page: Page, question: str) -> Locator:
    """The finished answer."""
    await page.get_by_label("Ask your documents").fill(question)
    await page.get_by_role("button", name="Ask", exact=True).click()
    answer = page.get_by_role("article", name=question)
    await expect(answer.get_by_role("button", name="Edit question")).to_be_visible()
    return answer


async def shown(page: Page) -> list[str]:
    """The questions, latest first."""
    return await page.locator("#answers .question").all_inner_texts()


async def test_a_follow_up_says_how_it_was_understood(page: Page, report: bytes, add: Upload) -> None:
    await add("meridian.pdf", report)
    await ask(page, QUESTION)
    answer = await ask(page, FOLLOW_UP)
    await expect(answer.locator(".understood")).to_have_text(f"Understood as: {UNDERSTOOD}")
    assert await shown(page) == [FOLLOW_UP, QUESTION]


async def test_a_conversation_is_there_after_the_memories_and_a_reload(page: Page, report: bytes, add: Upload) -> None:
    await add("meridian.pdf", report)
    await ask(page, QUESTION)
    await page.get_by_role("link", name="Memories").click()
    back = page.get_by_role("link", name="Ask", exact=True)
    await expect(back).to_have_attribute("href", re.compile("conversation="))  # the script has run
    await back.click()
    await expect(page.get_by_role("article", name=QUESTION)).to_be_visible()
    await page.reload()
    answer = page.get_by_role("article", name=QUESTION)
    await expect(answer.locator(".footnotes > li").first).to_contain_text("meridian, page 3")
    assert await shown(page) == [QUESTION]


async def test_editing_a_question_keeps_both_wordings(page: Page, report: bytes, add: Upload) -> None:
    await add("meridian.pdf", report)
    first = await ask(page, "How high was the loss?")
    await first.get_by_role("button", name="Edit question").click()
    await expect(page.get_by_label("Ask your documents")).to_have_value("How high was the loss?")
    await expect(page.locator("#editing")).to_be_visible()
    second = await ask(page, QUESTION)
    assert await shown(page) == [QUESTION]
    await expect(second.locator(".versions")).to_contain_text("2 of 2")
    await second.get_by_role("button", name="Earlier wording").press("Enter")
    await expect(page.get_by_role("button", name="Later wording")).to_be_focused()
    await expect(page.get_by_role("article", name="How high was the loss?").locator(".versions")).to_contain_text(
        "1 of 2"
    )
    assert await shown(page) == ["How high was the loss?"]


async def test_a_new_conversation_is_begun_and_the_old_one_found_again(page: Page, report: bytes, add: Upload) -> None:
    await add("meridian.pdf", report)
    await ask(page, QUESTION)
    await page.get_by_role("button", name="New conversation").click()
    assert await shown(page) == []
    await ask(page, "Who wrote it?")
    await page.get_by_text("Conversations", exact=True).click()
    await page.locator("#conversation-list").get_by_role("button", name=QUESTION, exact=True).first.click()
    await expect(page.get_by_role("article", name=QUESTION)).to_be_visible()
    assert await shown(page) == [QUESTION]


async def test_a_conversation_gets_another_title_where_it_stands(page: Page, report: bytes, add: Upload) -> None:
    await add("meridian.pdf", report)
    await ask(page, "Who founded it in Jena?")
    await page.get_by_text("Conversations", exact=True).click()
    await page.get_by_role("button", name="Rename “Who founded it in Jena?”").press("Enter")
    await page.get_by_label("Title of the conversation").fill("The founders")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Rename “The founders”")).to_be_focused()
    await page.reload()
    await page.get_by_text("Conversations", exact=True).click()
    await expect(page.locator("#conversation-list [aria-current]")).to_contain_text("The founders")


async def test_a_title_can_be_left_as_it_was(page: Page, report: bytes, add: Upload) -> None:
    await add("meridian.pdf", report)
    await ask(page, "Which furnace is new?")
    await page.get_by_text("Conversations", exact=True).click()
    rename = page.get_by_role("button", name="Rename “Which furnace is new?”").first
    await rename.click()
    await page.get_by_label("Title of the conversation").fill("Another")
    await page.keyboard.press("Escape")
    await expect(rename).to_be_focused()
    await expect(page.get_by_label("Title of the conversation")).to_have_count(0)


async def test_a_conversation_is_deleted_after_asking(page: Page, report: bytes, add: Upload) -> None:
    await add("meridian.pdf", report)
    await ask(page, "Which lenses are ground in Jena?")
    await page.get_by_text("Conversations", exact=True).click()
    await page.get_by_role("button", name=re.compile("Delete “Which lenses")).click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("button", name=re.compile("Delete “Which lenses"))).to_have_count(0)
    assert await shown(page) == []


async def test_what_a_deleted_document_said_goes_from_the_page(page: Page, report: bytes, add: Upload) -> None:
    await add("meridian.pdf", report)
    answer = await ask(page, QUESTION)
    await page.get_by_role("button", name="Delete meridian").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(answer.locator(".prose")).to_contain_text("What stood here is withheld")
    await expect(answer).not_to_contain_text("48.2")
