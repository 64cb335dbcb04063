"""Adding, watching, finding and deleting documents."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's loop

Upload = Callable[[str, bytes], Awaitable[None]]

SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(64)


async def test_a_page_without_documents_says_what_to_do(page: Page) -> None:
    await expect(page.get_by_text("Nothing to read yet")).to_be_visible()


async def test_a_document_becomes_ready_before_ones_eyes(page: Page, report: bytes, upload: Upload) -> None:
    await page.evaluate(
        """() => {
            window.seen = new Set();
            const rows = () => document.querySelectorAll("#document-list > li");
            const look = () => rows().forEach((row) => seen.add(row.dataset.status));
            new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
        }"""
    )
    await upload("meridian.pdf", report)
    await expect(page.locator("#document-list [data-status=ready]")).to_contain_text("PDF · 4 pages")
    seen = set(await page.evaluate("[...seen]"))
    assert seen & {"queued", "extracting", "chunking", "embedding", "publishing"}


async def test_files_can_be_dropped_anywhere(page: Page) -> None:
    dropped = await page.evaluate_handle(
        """() => {
            const transfer = new DataTransfer();
            for (const name of ["one.txt", "two.txt"]) transfer.items.add(new File([`This is ${name}.`], name));
            return transfer;
        }"""
    )
    await page.dispatch_event("h1", "dragenter", {"dataTransfer": dropped})
    await expect(page.get_by_text("Drop to add")).to_be_visible()
    await page.dispatch_event("h1", "drop", {"dataTransfer": dropped})
    await expect(page.locator("#document-list [data-status=ready]")).to_have_count(2)
    await expect(page.get_by_text("Drop to add")).to_be_hidden()


async def test_a_refused_file_says_why(page: Page, upload: Upload) -> None:
    await upload("packed.pdf", SEVEN_ZIP)
    row = page.locator("li").filter(has_text="packed")
    await expect(row.locator(".problem")).to_contain_text("Nothing here reads this kind of file")


async def test_a_refusal_is_told_without_the_names_of_media_types(page: Page, upload: Upload) -> None:
    await upload("packed.pdf", SEVEN_ZIP)
    problem = page.locator("li").filter(has_text="packed").locator(".problem")
    await expect(problem).to_contain_text("Documents, sheets, slides")
    await expect(problem).not_to_contain_text("application/")


async def test_a_file_that_is_too_large_is_told_the_limit(
    start_server: Callable[..., str], open_portal: Callable[[str], Awaitable[Page]]
) -> None:
    page = await open_portal(start_server(FOOTNOTE_MAX_UPLOAD_BYTES="1kB"))
    await page.set_input_files("#files", {"name": "long.txt", "mimeType": "", "buffer": b"Long. " * 500})
    problem = page.locator("#uploads .problem")
    await expect(problem).to_contain_text("It is 3.0 kB, and this server takes no more than 1.0 kB.")


async def test_what_failed_can_be_tried_again(page: Page, upload: Upload) -> None:
    await upload("broken.pdf", b"%PDF-1.4 broken beyond repair")
    row = page.locator("#document-list [data-status=failed]")
    await expect(row.locator(".problem")).to_be_visible()
    async with page.expect_response("**/retry") as asked:
        await row.get_by_role("button", name="Try again broken").click()
    assert (await (await asked.value).json())["status"] == "queued"
    await expect(page.locator("#document-list [data-status=failed]")).to_be_visible()


async def test_what_waits_can_be_cancelled(page: Page, upload: Upload) -> None:
    await page.evaluate("fetch('/api/v1/documents:pause', { method: 'POST' })")
    await upload("waiting.txt", b"Patience.")
    await page.get_by_role("button", name="Cancel waiting").click()
    await expect(page.locator("#document-list [data-status=cancelled]")).to_contain_text("Cancelled")
    await page.evaluate("fetch('/api/v1/documents:resume', { method: 'POST' })")


async def test_a_document_behind_a_password_says_so(
    page: Page, make_report: Callable[..., bytes], upload: Upload
) -> None:
    await upload("secret.pdf", make_report([(96, "Hidden.")], password="sesame"))
    row = page.locator("#document-list [data-status=failed]")
    await expect(row.locator(".problem")).to_contain_text("password")


async def test_the_same_file_twice_is_one_document(page: Page, report: bytes, upload: Upload, add: Upload) -> None:
    await add("meridian.pdf", report)
    await upload("again.pdf", report)
    await expect(page.locator("#uploads")).to_contain_text("here already, as “meridian”")
    await expect(page.locator("#document-list > li")).to_have_count(1)


async def test_a_deletion_is_confirmed_and_reported(page: Page, report: bytes, add: Upload, clean_server: str) -> None:
    await add("meridian.pdf", report)
    await page.get_by_role("button", name="Delete meridian").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.locator("#notice")).to_contain_text("1 version")
    await expect(page.get_by_text("Nothing to read yet")).to_be_visible()
    assert (await (await page.request.get(f"{clean_server}/api/v1/documents")).json())["items"] == []


async def test_a_deletion_can_be_called_off(page: Page, upload: Upload) -> None:
    await upload("notes.txt", b"Lenses are ground by hand.")
    await page.get_by_role("button", name="Delete notes").click()
    await page.keyboard.press("Escape")
    await expect(page.locator("#document-list > li")).to_have_count(1)


async def test_another_ones_deletion_shows(page: Page, add: Upload, clean_server: str) -> None:
    await add("notes.txt", b"Lenses are ground by hand.")
    documents = (await (await page.request.get(f"{clean_server}/api/v1/documents")).json())["items"]
    await page.request.delete(f"{clean_server}/api/v1/documents/{documents[0]['id']}")
    await expect(page.locator("#document-list > li")).to_have_count(0)


async def test_a_server_that_is_gone_is_told_of_until_it_is_back(browser: Browser, clean_server: str) -> None:
    page = await browser.new_page()
    await page.route("**/documents/events", lambda route: route.abort())
    await page.goto(clean_server)
    await expect(page.locator("#notice")).to_contain_text("The server cannot be reached")
    await page.unroute_all()
    await expect(page.locator("#notice")).to_be_hidden()
    await page.close()


async def test_documents_are_found_by_title(page: Page, add: Upload) -> None:
    await add("lenses.txt", b"Lenses are ground by hand.")
    await add("mirrors.txt", b"Mirrors are cast.")
    await page.get_by_label("Search documents by title").fill("mirr")
    await expect(page.locator("#document-list > li")).to_have_count(1)
    await page.get_by_label("Search documents by title").fill("prisms")
    await expect(page.get_by_text("No document has these words")).to_be_visible()


async def test_a_long_list_comes_in_parts(page: Page, clean_server: str) -> None:
    files = [("file", (f"note {number}.txt", f"Note {number}.")) for number in range(23)]
    async with httpx.AsyncClient(base_url=clean_server) as client:
        (await client.post("/api/v1/documents", files=files)).raise_for_status()
    await page.reload()
    await expect(page.locator("#document-list > li")).to_have_count(20)
    await page.get_by_role("button", name="Show more").click()
    await expect(page.locator("#document-list > li")).to_have_count(23)
    await expect(page.get_by_role("button", name="Show more")).to_be_hidden()


async def test_a_change_further_down_the_list_waits_for_its_part(page: Page, clean_server: str) -> None:
    files = [("file", (f"note {number}.txt", f"Note {number}.")) for number in range(21)]
    async with httpx.AsyncClient(base_url=f"{clean_server}/api/v1") as client:
        first, *_, last = (await client.post("/documents", files=files)).json()["items"]
        await page.reload()
        await expect(page.locator("#document-list > li")).to_have_count(20)
        for document, title in ((first, "Further down"), (last, "In sight")):
            await client.patch(f"/documents/{document['id']}", json={"title": title})
    await expect(page.get_by_text("In sight", exact=True)).to_be_visible()
    await expect(page.locator("#document-list > li")).to_have_count(20)
