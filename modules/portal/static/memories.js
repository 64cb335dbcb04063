/** The page of what a person asked to be remembered. */

import { getJson, send } from "./api.js";
import { confirmDeletion } from "./confirm.js";
import { announce, byId, element, oneAtATime } from "./dom.js";
import { editInPlace } from "./inline.js";
import { problemNote } from "./problem.js";
import { onSignedIn, setUpSession } from "./session.js";
import { dayInWords } from "./text.js";

const SHOWN = 50;
const LONGEST = 1000; // characters, as the server takes them

let next = null; // the cursor to more of them

const reload = () => attempt(() => list(null));
const pathOf = (id) => `/memories/${encodeURIComponent(id)}`;
const rowOf = (id) => byId(`memory-${id}`);

async function list(cursor) {
  const page = await getJson("/memories", { limit: SHOWN, cursor });
  if (cursor === null) byId("memory-list").replaceChildren();
  next = page.next_cursor;
  byId("memory-list").append(...page.items.map(row));
  showEmptiness();
}

function showEmptiness() {
  byId("more-memories").hidden = next === null;
  byId("no-memories").hidden = byId("memory-list").children.length > 0;
}

function row({ id, text, updated_at: updated }) {
  const editing = quiet("Edit", text, edit);
  const shown = element(
    "div",
    { class: "memory" },
    element("p", { class: "memory-text", dir: "auto" }, text),
    element("time", { class: "facts", dateTime: updated }, dayInWords(updated)),
    element("span", { class: "memory-buttons" }, editing, quiet("Delete", text, remove)),
  );
  return element("li", { id: `memory-${id}` }, shown);

  function edit() {
    editInPlace(shown, editing, { label: "Memory", value: text, maxLength: LONGEST, isLong: true }, async (words) => {
      const renewed = row(await send("PATCH", pathOf(id), { text: words }));
      rowOf(id).replaceWith(renewed);
      announce("The memory is changed.");
      renewed.querySelector("button").focus();
    });
  }

  async function remove() {
    if (!(await confirmDeletion({ title: shortened(text) }, "It is removed for good."))) return;
    await attempt(async () => {
      await send("DELETE", pathOf(id));
      rowOf(id)?.remove();
      showEmptiness();
      announce("The memory is deleted.");
      byId("memories-heading").focus();
    });
  }
}

function quiet(word, text, onClick) {
  const label = `${word} “${shortened(text)}”`;
  return element("button", { type: "button", class: "quiet", "aria-label": label, on: { click: onClick } }, word);
}

const shortened = (text) => (text.length > 60 ? `${text.slice(0, 60).trimEnd()}…` : text);

async function add() {
  const words = byId("memory").value.trim();
  if (words === "") return;
  await attempt(async () => {
    const memory = await send("POST", "/memories", { text: words });
    announce(rowOf(memory.id) ? "That is remembered already." : "It is remembered.");
    rowOf(memory.id)?.remove();
    byId("memory-list").prepend(row(memory));
    byId("memory").value = "";
    showEmptiness();
  });
}

async function attempt(work) {
  byId("memory-problem").replaceChildren();
  try {
    await work();
  } catch (problem) {
    byId("memory-problem").replaceChildren(problemNote(problem));
  }
}

setUpSession();
byId("to-ask").hash = location.hash; // of the conversation to go back to
const addOnce = oneAtATime(add);
byId("memory-form").addEventListener("submit", (event) => {
  event.preventDefault();
  addOnce();
});
byId("memory").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("memory-form").requestSubmit();
});
byId("more-memories").addEventListener("click", oneAtATime(() => attempt(() => list(next))));
onSignedIn(reload);
reload();
