/** What a person thinks of an answer: whether it helped, and a word on why. */

import { send } from "./api.js";
import { announce, element } from "./dom.js";
import { problemNote } from "./problem.js";

const LONGEST = 4000; // characters of a comment, as the server takes them
const QUESTIONS = { 1: "What was good about it?", "-1": "What is wrong with it?" };

/** Two buttons, and what is to stand below them: room for a comment once one is pressed. `kept` was said before, if anything. */
export function feedbackOn(answerId, kept = null) {
  const path = `/answers/${encodeURIComponent(answerId)}/feedback`;
  let said = kept;
  let done = Promise.resolve(); // what was pressed before
  const thumbs = [thumb("Helpful", 1), thumb("Not helpful", -1)];
  const below = element("div", { class: "comment" });
  const note = element("div", { role: "alert" });
  show();
  const buttons = element("div", { class: "thumbs", role: "group", "aria-label": "Was this answer helpful?" }, thumbs);
  return [buttons, element("div", { class: "feedback" }, below, note)];

  function thumb(words, rating) {
    const onClick = () => attempt(() => (said?.rating === rating ? withdraw() : rate(rating)));
    return element("button", { type: "button", class: "thumb", "data-rating": rating, on: { click: onClick } }, words);
  }

  async function rate(rating, comment = said?.comment ?? "") {
    said = await send("POST", path, { rating, comment });
    show();
    announce("Your rating is kept.");
  }

  async function withdraw() {
    await send("DELETE", path);
    said = null;
    show();
    announce("Your rating is withdrawn.");
  }

  function show() {
    for (const each of thumbs) each.setAttribute("aria-pressed", String(Number(each.dataset.rating) === said?.rating));
    const begun = below.querySelector("textarea")?.value ?? "";
    below.replaceChildren(...(said ? [said.comment ? quotation() : commentForm(begun)] : []));
  }

  function quotation() {
    const change = () => {
      below.replaceChildren(commentForm(said.comment));
      below.querySelector("textarea").focus();
    };
    return element(
      "p",
      {},
      "You wrote: ",
      element("q", { dir: "auto" }, said.comment),
      element("button", { type: "button", class: "quiet", "aria-label": "Change comment", on: { click: change } }, "Change"),
    );
  }

  function commentForm(words) {
    const id = `comment-${answerId}`;
    const field = element("textarea", { id, rows: 2, maxLength: LONGEST, dir: "auto", value: words });
    const onSubmit = (event) => {
      event.preventDefault();
      attempt(async () => {
        await rate(said.rating, field.value.trim());
        announce("Your comment is kept.");
        below.querySelector("button")?.focus();
      });
    };
    return element(
      "form",
      { on: { submit: onSubmit } },
      element("label", { htmlFor: id }, `${QUESTIONS[Math.sign(said.rating)] ?? "What do you think of it?"} (optional)`),
      field,
      element("button", { type: "submit", class: "quiet" }, "Keep comment"),
    );
  }

  /** One after the other: each press counts from what the one before has left. */
  function attempt(work) {
    note.replaceChildren();
    done = done.then(work).catch((problem) => note.replaceChildren(problemNote(problem)));
  }
}
