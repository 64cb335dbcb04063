/** The dialog that shows where a footnote points: the page with the words highlighted, or the text itself. */

import { address, documentPath, getImage, getJson, getText } from "./api.js";
import { textWithSpan } from "./canonical.js";
import { byId, element } from "./dom.js";
import { problemNote } from "./problem.js";
import { utf16Span } from "./text.js";

const PIXELS_PER_POINT = 2; // of the server's page images, if the page is not huge
const LEGIBLE = 0.8; // pixels of the screen to a point of the page; below, a cited page opens enlarged
const ENLARGED = 1.25; // the same once enlarged, at least
const MARGIN = 24; // pixels beside the words that a page is scrolled to
const RIGHT_TO_LEFT = /^\P{L}*[\u0590-\u08ff]/u; // what begins in Hebrew, Arabic or the like
const CONTEXT = 100_000; // UTF-16 units of text shown before and after the span

let shown = null;

/** Opens on a citation or a passage; without `start` and `end` on the document's beginning. */
export async function openViewer(source) {
  shown = { source, page: source.pages[0], last: Infinity };
  byId("viewer-title").textContent = source.title;
  byId("viewer-original").href = address(documentPath(source.document_id, "/content"), { version: source.version });
  byId("viewer-pages").hidden = source.pages.length === 0;
  byId("viewer").showModal();
  byId("viewer-body").focus();
  await (source.pages.length ? Promise.all([showPage(shown.page), countPages(shown)]) : showText(shown));
}

export function setUpViewer() {
  const dialog = byId("viewer");
  byId("viewer-close").addEventListener("click", () => dialog.close());
  byId("viewer-previous").addEventListener("click", () => turn(-1));
  byId("viewer-next").addEventListener("click", () => turn(1));
  byId("viewer-zoom").addEventListener("click", enlarge);
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("keydown", turnOnArrow);
  dialog.addEventListener("close", () => {
    shown = null;
    byId("viewer-body").replaceChildren();
    setEnlarged(false);
  });
}

function turnOnArrow({ key }) {
  if (byId("viewer-pages").hidden || isEnlarged()) return;
  if (key === "ArrowLeft") turn(-1);
  if (key === "ArrowRight") turn(1);
}

function turn(step) {
  const page = shown.page + step;
  if (page >= 1 && page <= shown.last) showPage(page);
}

const isEnlarged = () => byId("viewer-body").classList.contains("enlarged");

function enlarge() {
  setEnlarged(!isEnlarged());
  scrollToSpan();
}

function setEnlarged(isLarge) {
  const body = byId("viewer-body");
  const image = body.querySelector("img");
  body.classList.toggle("enlarged", isLarge);
  byId("viewer-zoom").setAttribute("aria-pressed", String(isLarge));
  if (image) image.style.minWidth = isLarge ? `${(image.naturalWidth / PIXELS_PER_POINT) * ENLARGED}px` : "";
}

/** On a narrow screen the words of a page would be too small to read. */
function keepLegible() {
  const image = byId("viewer-body").querySelector("img");
  if (!image) return;
  const scale = (image.clientWidth / image.naturalWidth) * PIXELS_PER_POINT;
  setEnlarged(isEnlarged() || (boxOnPage() !== undefined && scale < LEGIBLE));
}

const boxOnPage = () => shown.source.boxes.find(({ page }) => page === shown.page);

/** Only the current version's pages are counted by the server; of an older one the last page is not known. */
async function countPages(view) {
  const { version, pages } = await getJson(documentPath(view.source.document_id)).catch(() => ({}));
  if (version === view.source.version) view.last = pages;
  if (view === shown) showPosition();
}

function showPosition() {
  const { page, last } = shown;
  byId("viewer-position").textContent = last === Infinity ? `Page ${page}` : `Page ${page} of ${last}`;
  disable(byId("viewer-previous"), page <= 1);
  disable(byId("viewer-next"), page >= last);
}

/** Not `disabled`, which would throw away the focus of whoever turns pages by keyboard. */
function disable(button, isOff) {
  button.setAttribute("aria-disabled", String(isOff));
}

async function showPage(page) {
  const view = shown;
  const { document_id: id, version, start, end } = view.source;
  view.page = page;
  showPosition();
  await fill(view, async () => {
    const picture = await getImage(documentPath(id, `/pages/${page}.png`), { version, start, end });
    return pageImage(picture, view.source, page);
  }, page);
}

async function pageImage(picture, source, page) {
  const image = element("img", { class: "page-image", alt: pageInWords(source, page), src: URL.createObjectURL(picture) });
  await image.decode();
  URL.revokeObjectURL(image.src);
  return image;
}

function pageInWords({ title, pages, quote }, page) {
  const words = `Page ${page} of ${title}.`;
  return quote && pages.includes(page) ? `${words} Highlighted: “${quote}”` : words;
}

async function showText(view) {
  const { document_id: id, version, start = 0, end = 0 } = view.source;
  await fill(view, async () => {
    const text = await getText(documentPath(id, "/text"), { version });
    const span = utf16Span(text, start, end);
    const words = textWithSpan(text, { start: Math.max(0, span[0] - CONTEXT), stop: span[1] + CONTEXT }, span);
    return view.source.seconds ? element("div", {}, recording(view.source), words) : words;
  });
}

/** Begins where the cited words are spoken. */
function recording({ document_id: id, version, seconds }) {
  const src = `${address(documentPath(id, "/content"), { version })}#t=${seconds[0]}`;
  return element("audio", { controls: true, preload: "metadata", src });
}

/** Shows what `load` brings, unless the person has moved on meanwhile. */
async function fill(view, load, page = view.page) {
  const body = byId("viewer-body");
  body.setAttribute("aria-busy", "true");
  const content = await load().catch(problemNote);
  if (view !== shown || page !== view.page) return;
  body.replaceChildren(content);
  body.setAttribute("aria-busy", "false");
  keepLegible();
  scrollToSpan();
}

function scrollToSpan() {
  const body = byId("viewer-body");
  const image = body.querySelector("img");
  const box = boxOnPage();
  body.scrollTo(0, 0);
  body.querySelector("mark")?.scrollIntoView({ block: "center" });
  if (!image || !box) return;
  const zoom = (image.clientWidth / image.naturalWidth) * PIXELS_PER_POINT;
  const left = RIGHT_TO_LEFT.test(shown.source.quote) ? box.x1 * zoom - body.clientWidth + MARGIN : box.x0 * zoom - MARGIN;
  body.scrollTo(left, box.y0 * zoom - body.clientHeight / 3);
}
