/** The conversation that questions are part of: its turns, newest first, and its branches. */

import { AnswerView } from "./answer.js";
import { conversationPath, getJson, send } from "./api.js";
import { conversationList } from "./conversation-list.js";
import { byId, element } from "./dom.js";
import { feedbackOn } from "./feedback.js";
import { problemNote } from "./problem.js";
import { onSignedIn } from "./session.js";

const SHOWN = 20; // turns at a time

let current = null; // the conversation's id, once it has one
let edited = null; // the turn whose question is asked in other words
let conversations = null; // the list of them

export function setUpConversations() {
  byId("new-conversation").addEventListener("click", beginAnew);
  byId("stop-editing").addEventListener("click", () => edit(null));
  byId("earlier-turns").addEventListener("click", ({ target }) => attempt(() => showEarlier(target.dataset.before)));
  conversations = conversationList({ open, current: () => current, left: beginAnew, attempt });
  onSignedIn(conversations.refresh);
  conversations.refresh();
}

/** Where the next question stands. */
export function place() {
  const where = { conversation_id: current ?? "new" };
  return edited ? { ...where, parent_id: edited.parent_id ?? "root" } : where;
}

/** Go on after the turn that `view` shows, now that its `answer` is kept. The next question need not wait for the rest. */
export function goOn(view, answer) {
  if (!answer.conversation_id) return;
  if (!view.article.isConnected) {
    conversations.refresh(); // another conversation was begun meanwhile
    return;
  }
  const isEdit = edited !== null;
  settle(answer.conversation_id);
  if (isEdit) attempt(() => open(answer.conversation_id));
  else addTools(view, { id: answer.id, parent_id: previous(view), alternatives: [answer.id] });
  conversations.refresh();
}

function settle(id) {
  current = id;
  edit(null);
  conversations.mark();
  byId("new-conversation").hidden = id === null;
  history.replaceState(null, "", id ? `#conversation=${encodeURIComponent(id)}` : location.pathname);
}

function beginAnew() {
  settle(null);
  byId("answers").replaceChildren();
  byId("earlier-turns").hidden = true;
  byId("question").value = "";
  byId("question").focus();
}

/** The one that the address names, as after a reload. */
export async function reopen() {
  const id = new URLSearchParams(location.hash.slice(1)).get("conversation");
  if (id) await attempt(() => open(id));
}

async function open(id) {
  const conversation = await getJson(conversationPath(id), { limit: SHOWN });
  settle(conversation.id);
  byId("specimen").hidden = conversation.branch.length > 0;
  byId("answers").replaceChildren(...articles(conversation));
}

async function showEarlier(before) {
  const conversation = await getJson(conversationPath(current), { limit: SHOWN, before });
  byId("answers").append(...articles(conversation));
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
  const onEdit = () => edit(turn, view.question);
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
        on: { click: () => attempt(() => switchTo(alternatives[to])) },
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

async function switchTo(turnId) {
  await send("PATCH", conversationPath(current), { active_id: turnId });
  await open(current);
}

/** Ask the question of `turn` in other words; nothing stops that. */
function edit(turn, question = "") {
  edited = turn;
  byId("editing").hidden = turn === null;
  if (turn === null) return;
  byId("question").value = question;
  byId("question").focus();
}

const previous = (view) => view.article.nextElementSibling?.dataset.turn ?? null;

async function attempt(work) {
  const note = byId("conversation-problem");
  note.hidden = true;
  try {
    await work();
  } catch (error) {
    note.replaceChildren(problemNote(error));
    note.hidden = false;
  }
}
