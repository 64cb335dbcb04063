/** The conversations to go back to: open one, give it another title, delete it. */

import { conversationPath, getJson, send } from "./api.js";
import { confirmDeletion } from "./confirm.js";
import { announce, byId, element, oneAtATime } from "./dom.js";
import { editInPlace } from "./inline.js";
import { momentOfDay } from "./text.js";

const SHOWN = 20;
const LONGEST_TITLE = 200; // characters, as the server takes them
const CONSEQUENCE = "Its questions and answers are removed for good.";

/** `open(id)` shows one, `current()` is the id of the one that is shown, `left()` is told when that is deleted.
 *
 * Each is called through `attempt`, which tells what goes wrong. `refresh` lists them anew, `mark` shows which is current. */
export function conversationList({ open, current, left, attempt }) {
  let next = null; // the cursor to more of them
  byId("more-conversations").addEventListener("click", oneAtATime(() => attempt(() => list(next))));
  return { refresh: () => attempt(() => list(null)), mark };

  function mark() {
    for (const item of byId("conversation-list").children) {
      if (item.dataset.id === current()) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    }
  }

  async function list(cursor) {
    const page = await getJson("/conversations", { limit: SHOWN, cursor });
    if (cursor === null) byId("conversation-list").replaceChildren();
    next = page.next_cursor;
    byId("more-conversations").hidden = next === null;
    byId("conversation-list").append(...page.items.map(entry));
    mark();
    byId("conversations").hidden = byId("conversation-list").children.length === 0;
  }

  function entry({ id, title, updated_at: updated }) {
    const name = title || "Without a question yet";
    const onOpen = () => attempt(() => open(id));
    const opening = element("button", { type: "button", class: "conversation", dir: "auto", on: { click: onOpen } }, name);
    const moment = element("time", { dateTime: updated }, momentOfDay(updated));
    const renaming = quiet("Rename", name, rename);
    const line = element(
      "div",
      { class: "conversation-line" },
      element("div", { class: "conversation-name" }, opening, moment),
      renaming,
      quiet("Delete", name, remove),
    );
    const item = element("li", { "data-id": id }, line);
    return item;

    function rename() {
      const form = { label: "Title of the conversation", value: title, maxLength: LONGEST_TITLE };
      editInPlace(line, renaming, form, async (words) => {
        const changed = await send("PATCH", conversationPath(id), { title: words });
        const renewed = entry(changed);
        item.replaceWith(renewed);
        mark();
        announce(`Renamed to “${changed.title}”.`);
        renewed.querySelector("[data-does=Rename]").focus();
      });
    }

    async function remove() {
      if (!(await confirmDeletion({ title: name }, CONSEQUENCE))) return;
      await attempt(async () => {
        await send("DELETE", conversationPath(id));
        if (id === current()) left();
        announce(`“${name}” is deleted.`);
        await list(null);
        byId("conversations").querySelector("summary").focus();
      });
    }
  }
}

function quiet(word, name, onClick) {
  const properties = { type: "button", class: "quiet", "aria-label": `${word} “${name}”`, "data-does": word };
  return element("button", { ...properties, on: { click: onClick } }, word);
}
