/** The list of documents, kept in step with the server by its event stream. */

import { actOn, address, deleteDocument, getJson } from "./api.js";
import { confirmDeletion } from "./confirm.js";
import { announce, byId, oneAtATime } from "./dom.js";
import { problemNote, unreachable } from "./problem.js";
import { documentRow } from "./row.js";
import { onSignedIn } from "./session.js";
import { plural } from "./text.js";
import { openViewer } from "./viewer.js";

const PAGE = 20;
const RECONNECT_MS = 5000;
const SILENCE_MS = 4000; // without a server, until that is told
const TYPING_MS = 200;

const documents = new Map();
let search = "";
let cursor = null; // null: every document is shown
let last = null; // id of the last document of the parts that are shown
let events = null;
let silence = 0; // the timer that tells of it

const rowOf = (id) => byId(`document-${id}`);
const actions = { open, remove, retry: (document) => act(document, "retry"), cancel: (document) => act(document, "cancel") };

let onGone = () => null;

/** `forget(id)` is told of documents that were deleted, here or elsewhere. */
export function setUpDocuments(forget) {
  onGone = forget;
  byId("show-more").addEventListener("click", oneAtATime(showMore));
  byId("search-form").addEventListener("submit", (event) => event.preventDefault());
  let typing = 0;
  byId("search").addEventListener("input", ({ target }) => {
    clearTimeout(typing);
    typing = setTimeout(() => find(target.value.trim()), TYPING_MS);
  });
  onSignedIn(() => events ?? start());
  start();
}

/** Shows the list and keeps it current; whoever will not sign in is not asked again. */
async function start() {
  const problem = await reload();
  if (problem?.status !== 401) listen();
}

/** Shows what the server made of an upload. */
export function addUploaded(document) {
  notify(null);
  if (documents.has(document.id)) take(document);
  else put(document);
}

function find(words) {
  search = words;
  return reload();
}

const reload = () =>
  withPage(null, (page) => {
    documents.clear();
    byId("document-list").replaceChildren();
    append(page);
  });

const showMore = () =>
  withPage(cursor, (page) => {
    append(page);
    rowOf(page.items[0]?.id)?.querySelector("button")?.focus();
  });

/** What happened between reading the list and the start of the stream. */
const catchUp = () => withPage(null, ({ items }) => items.toReversed().forEach(take));

/** Hands `use` the page that begins at `from`, if it still answers the search; the problem, if there is one. */
async function withPage(from, use) {
  const asked = search;
  try {
    const page = await getJson("/documents", { q: asked, cursor: from, limit: PAGE });
    if (byId("notice").querySelector(".problem")) notify(null);
    if (asked === search) use(page);
    return null;
  } catch (problem) {
    notify(problemNote(problem));
    return problem;
  }
}

function append({ items, next_cursor: next }) {
  for (const document of items) {
    rowOf(document.id)?.remove();
    documents.set(document.id, document);
    byId("document-list").append(documentRow(document, actions));
  }
  cursor = next;
  last = items.at(-1)?.id ?? null;
  showEmptiness();
}

function showEmptiness() {
  const isEmpty = documents.size === 0;
  byId("show-more").hidden = cursor === null;
  byId("search-form").hidden = isEmpty && search === "";
  byId("no-documents").hidden = !isEmpty || search !== "";
  byId("no-matches").hidden = !isEmpty || search === "";
}

/** Events arrive in order; each carries the whole document. */
function listen() {
  events = new EventSource(address("/documents/events"));
  events.addEventListener("document", ({ data }) => take(JSON.parse(data)));
  events.addEventListener("deleted", ({ data }) => drop(JSON.parse(data).id));
  events.addEventListener("open", () => {
    clearTimeout(silence);
    silence = 0;
    catchUp();
  });
  events.addEventListener("error", () => {
    silence ||= setTimeout(() => notify(problemNote(unreachable())), SILENCE_MS);
    if (events.readyState !== EventSource.CLOSED) return;
    events = null;
    setTimeout(start, RECONNECT_MS);
  });
}

function take(document) {
  const before = documents.get(document.id);
  if (!before && (search !== "" || isFurtherDown(document))) return;
  if (before && Date.parse(before.updated_at) > Date.parse(document.updated_at)) return;
  if (JSON.stringify(before) === JSON.stringify(document)) return;
  put(document);
  if (before && before.status !== document.status) tell(document);
}

/** Whether the document is of a part that is not shown yet: the list is ordered by id, newest first. */
const isFurtherDown = ({ id }) => cursor !== null && id < last;

function tell({ status, title, pages, error }) {
  if (status === "ready") announce(`${title} is ready${pages ? `, ${plural(pages, "page")}` : ""}.`);
  if (status === "failed") announce(`${title} could not be read. ${error?.detail ?? ""}`);
}

/** Puts a row in place of the one that is there, or on top; focus inside it survives. */
function put(document) {
  documents.set(document.id, document);
  const old = rowOf(document.id);
  const row = documentRow(document, actions);
  if (!old) {
    byId("document-list").prepend(row);
  } else {
    const hadFocus = old.contains(globalThis.document.activeElement);
    old.replaceWith(row);
    if (hadFocus) row.querySelector(".remove").focus();
  }
  showEmptiness();
}

function drop(id) {
  documents.delete(id);
  rowOf(id)?.remove();
  showEmptiness();
  onGone(id);
}

function open({ id, version, title, pages }) {
  openViewer({ document_id: id, version, title, pages: pages ? [1] : [], boxes: [], heading_path: [] });
}

async function remove(document) {
  if (!(await confirmDeletion(document))) return;
  try {
    const { deleted } = await deleteDocument(document.id);
    drop(document.id);
    notify(`Deleted “${document.title}”${reportInWords(deleted)}.`);
  } catch (problem) {
    notify(problemNote(problem));
  }
  byId("documents-heading").focus();
}

async function act(document, action) {
  try {
    take(await actOn(document.id, action));
    notify(null);
  } catch (problem) {
    notify(problemNote(problem));
  }
}

const COUNTED = {
  attachments: (count) => plural(count, "attachment"),
  versions: (count) => plural(count, "version"),
  chunks: (count) => plural(count, "passage"),
  blobs: (count) => plural(count, "stored file"),
  answers_redacted: (count) => `quotes in ${plural(count, "answer")}`,
};

function reportInWords(deleted = {}) {
  const parts = Object.entries(COUNTED).filter(([key]) => deleted[key]).map(([key, say]) => say(deleted[key]));
  return parts.length ? `, and with it ${parts.join(", ")}` : "";
}

/** Says `message`, text or a node, above the list; null takes it away. */
function notify(message) {
  const notice = byId("notice");
  notice.hidden = message === null;
  notice.replaceChildren(message ?? "");
  if (message !== null) announce(notice.textContent);
}
