/** The question, and the stream of its answer. */

import { openAnswer } from "./api.js";
import { AnswerView } from "./answer.js";
import { begin, goOn, reopen } from "./conversation.js";
import { byId } from "./dom.js";
import { Problem } from "./problem.js";
import { eventsOf } from "./stream.js";

let asking = null;

export function setUpAsking() {
  byId("ask-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (asking) asking.abort();
    else ask(byId("question").value.trim());
  });
  byId("question").addEventListener("keydown", submitOnEnter);
  prefill();
  reopen();
}

function submitOnEnter(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!asking) byId("ask-form").requestSubmit();
}

/** A link may bring a question along, `#question=...`; asking it stays with the person. */
function prefill() {
  const question = new URLSearchParams(location.hash.slice(1)).get("question");
  if (question) byId("question").value = question;
}

async function ask(question) {
  if (question === "") return;
  const view = new AnswerView(question);
  const { where, takeBack } = begin(view);
  byId("question").value = "";
  if (matchMedia("(hover: none)").matches) byId("question").blur(); // the keyboard would cover the answer
  asking = new AbortController();
  byId("ask-button").textContent = "Stop";
  try {
    await follow(view, question, where, asking.signal);
  } catch (error) {
    view.fail(problemOf(error));
    takeBack();
    byId("question").value ||= question;
  }
  asking = null;
  byId("ask-button").textContent = "Ask";
}

async function follow(view, question, where, signal) {
  const response = await openAnswer(question, where, signal);
  for await (const { event, data } of eventsOf(response)) {
    view.take(event, data);
    if (view.isSettled) break;
  }
  if (!view.isSettled) throw brokenOff();
  if (view.answer) goOn(view, view.answer, where);
}

function problemOf(error) {
  if (error instanceof Problem) return error;
  if (error.name === "AbortError") return new Problem({ title: "Stopped.", detail: "The answer is not complete." });
  return brokenOff();
}

const brokenOff = () =>
  new Problem({ title: "The answer broke off.", detail: "The connection to the server was lost. Ask again." });
