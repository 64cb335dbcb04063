/** The conversation that questions are part of: its turns, newest first, and its branches. */

import { AnswerView } from "./answer.js";
import { conversationPath, getJson, send } from "./api.js";
import { conversationList } from "./conversation-list.js";
import { byId, element, oneAtATime } from "./dom.js";
import { feedbackOn } from "./feedback.js";
import { problemNote } from "./problem.js";
import { onSignedIn } from "./session.js";

const SHOWN = 20; // turns at a time

let current = null; // the conversation's id, once it has one
let edited = null; // the turn whose question is asked in other words
let conversations = null; // the list of them
let opened = 0; // counts what was opened or begun, so that an answer that comes late changes nothing

export function setUpConversations() {
  byId("new-conversation").addEventListener("click", beginAnew);
  byId("stop-editing").addEventListener("click", () => edit(null));
  byId("earlier-turns").addEventListener("click", oneAtATime(() => attempt(showEarlier)));
  window.addEventListener("hashchange", () => attempt(followAddress));
  conversations = conversationList({ open, current: () => current, left: beginAnew, attempt });
  onSignedIn(() => {
    conversations.refresh();
    attempt(followAddress);
  });
  conversations.refresh();
}

/** Puts the question of `view` on top of those before it, an edited one in place of its earlier wording and what followed.
 *
 * `where` it stands is for the server; `takeBack` undoes it, if there is no answer. */
export function begin(view) {
  const turn = edited;
  const where = { conversation_id: current ?? named() ?? "new" };
  const replaced = turn ? upTo(turn.id) : [];
  for (const article of replaced) article.hidden = true;
  byId("specimen").hidden = true;
  byId("answers").prepend(view.article);
  edit(null);
  opened += 1;
  const takeBack = () => {
    for (const article of replaced) article.hidden = false;
    edit(edited ?? turn);
  };
  return { where: turn ? { ...where, parent_id: turn.parent_id ?? "root" } : where, takeBack };
}

function upTo(turnId) {
  const articles = [...byId("answers").children];
  return articles.slice(0, articles.findIndex(({ dataset }) => dataset.turn === turnId) + 1);
}

/** Go on after the turn that `view` shows, now that its `answer` is kept. The next question need not wait for the rest. */
export function goOn(view, answer, where) {
  if (!answer.conversation_id) return;
  if (!view.article.isConnected) {
    conversations.refresh(); // another conversation was begun meanwhile
    return;
  }
  const isShown = where.conversation_id === (current ?? "new");
  settle(answer.conversation_id);
  if (where.parent_id || !isShown) attempt(() => open(answer.conversation_id));
  else addTools(view, { id: answer.id, parent_id: previous(view), alternatives: [answer.id] });
  conversations.refresh();
}

function settle(id) {
  current = id;
  conversations.mark();
  byId("new-conversation").hidden = id === null;
  nameInAddress();
}

/** A reload shows the conversation again, and so does coming back from the memories. */
function nameInAddress() {
  const name = current ? `#conversation=${encodeURIComponent(current)}` : "";
  history.replaceState(null, "", location.pathname + name);
  byId("to-memories").hash = name;
}

function beginAnew() {
  opened += 1;
  edit(null);
  settle(null);
  byId("answers").replaceChildren();
  byId("earlier-turns").hidden = true;
  byId("question").value = "";
  byId("question").focus();
}

/** Shows what the address names, as after a reload; a jump within the page leaves the conversation as it is. */
async function followAddress() {
  const id = named();
  if (id && id !== current) await open(id);
  else if (current) nameInAddress();
}

const named = () => new URLSearchParams(location.hash.slice(1)).get("conversation");

export const reopen = () => attempt(followAddress);

async function open(id) {
  opened += 1;
  const turn = opened;
  const conversation = await getJson(conversationPath(id), { limit: SHOWN });
  if (turn !== opened) return;
  edit(null);
  settle(conversation.id);
  byId("specimen").hidden = conversation.branch.length > 0;
  byId("answers").replaceChildren(...articles(conversation));
}

async function showEarlier() {
  const turn = opened;
  const conversation = await getJson(conversationPath(current), { limit: SHOWN, before: byId("earlier-turns").dataset.before });
  if (turn === opened) byId("answers").append(...articles(conversation));
}

/** Quotes of a deleted document are gone from what is stored, and so from what is shown. */
export function forget(documentId) {
  const articles = [...byId("answers").children];
  const isQuoted = articles.some(({ dataset }) => dataset.documents?.split(" ").includes(documentId));
  if (isQuoted && articles.every(({ ariaBusy }) => ariaBusy === "false")) attempt(() => open(current));
}

function articles({ branch, before }) {
  byId("earlier-turns").hidden = before === null;
  byId("earlier-turns").dataset.before = before ?? "";
  return branch.toReversed().map((turn) => {
    const view = AnswerView.of(turn.answer);
    addTools(view, turn);
    return view.article;
  });
}

function addTools(view, turn) {
  view.article.dataset.turn = turn.id;
  const onEdit = () => {
    edit(turn);
    byId("question").value = view.question;
    byId("question").focus();
  };
  const [thumbs, comment] = feedbackOn(turn.id, turn.feedback);
  view.article.append(
    element(
      "div",
      { class: "turn-tools" },
      thumbs,
      element("button", { type: "button", class: "quiet", on: { click: onEdit } }, "Edit question"),
      turn.alternatives.length > 1 ? versions(turn) : null,
    ),
    comment,
  );
}

function versions({ id, alternatives }) {
  const at = alternatives.indexOf(id);
  const step = (label, text, to) =>
    element(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-label": label,
        disabled: alternatives[to] === undefined,
        on: { click: () => attempt(() => switchTo(alternatives[to], label)) },
      },
      text,
    );
  return element(
    "span",
    { class: "versions" },
    step("Earlier wording", "‹", at - 1),
    `${at + 1} of ${alternatives.length}`,
    step("Later wording", "›", at + 1),
  );
}

/** The focus stays on the button that was pressed, or goes to its neighbour where that one leads nowhere. */
async function switchTo(turnId, label) {
  await send("PATCH", conversationPath(current), { active_id: turnId });
  await open(current);
  const buttons = [...byId("answers").querySelectorAll(`[data-turn="${CSS.escape(turnId)}"] .versions button:enabled`)];
  (buttons.find((button) => button.getAttribute("aria-label") === label) ?? buttons[0])?.focus();
}

/** The next question stands in place of `turn`; null: after the last one. */
function edit(turn) {
  edited = turn;
  byId("editing").hidden = turn === null;
}

const previous = (view) => view.article.nextElementSibling?.dataset.turn ?? null;

async function attempt(work) {
  const note = byId("conversation-problem");
  note.hidden = true;
  try {
    await work();
  } catch (error) {
    if (error.status === 401) return; // the list of documents tells of that
    note.replaceChildren(problemNote(error));
    note.hidden = false;
  }
}
