/** One document, and one upload, as a row of the list. */

import { element } from "./dom.js";
import { problemNote } from "./problem.js";
import { fileKind, fileSize, plural, waitInWords } from "./text.js";

const STAGES = {
  queued: "Waiting its turn",
  extracting: "Reading",
  chunking: "Dividing into passages",
  embedding: "Indexing",
  publishing: "Publishing",
  cancelled: "Cancelled",
};

export const isSettled = ({ status }) => ["ready", "failed", "cancelled"].includes(status);

/** The row of `document`; `actions` are `open`, `remove`, `retry` and `cancel`, each of a document. */
export function documentRow(document, actions) {
  return element(
    "li",
    { class: "document", id: `document-${document.id}`, "data-status": document.status },
    element("div", { class: "document-line" }, title(document, actions), buttons(document, actions)),
    element("p", { class: "facts" }, facts(document)),
    isSettled(document) ? null : progress(document),
    document.status === "cancelled" ? element("p", { class: "stage" }, STAGES.cancelled) : null,
    document.error ? problemNote(document.error) : null,
    document.warnings.map((warning) => element("p", { class: "warning" }, warning)),
  );
}

function title(document, { open }) {
  if (document.status !== "ready") return element("span", { class: "document-title", dir: "auto" }, document.title);
  const onClick = () => open(document);
  return element("button", { type: "button", class: "document-title", dir: "auto", on: { click: onClick } }, document.title);
}

function buttons(document, { remove, retry, cancel }) {
  const canRetry = ["failed", "cancelled"].includes(document.status);
  return element(
    "span",
    { class: "document-buttons" },
    canRetry ? lineButton("Try again", document.title, () => retry(document)) : null,
    isSettled(document) ? null : lineButton("Cancel", document.title, () => cancel(document)),
    lineButton("Delete", document.title, () => remove(document), "remove"),
  );
}

function lineButton(word, name, onClick, kind = "") {
  const label = `${word} ${name}`;
  return element("button", { type: "button", class: `quiet ${kind}`, "aria-label": label, on: { click: onClick } }, word);
}

function facts({ media_type: mediaType, pages, chunks, size, parent_id: parent }) {
  const known = [parent && "Attachment", fileKind(mediaType), pages && plural(pages, "page"), chunks && plural(chunks, "passage"), fileSize(size)];
  return known.filter(Boolean).join(" · ");
}

function progress({ status, progress: step, title: name }) {
  const words = STAGES[step?.stage ?? status] ?? status;
  const counted = step?.total > 1 ? `${words}, ${step.done} of ${step.total}` : words;
  const left = step?.seconds_left ? `${counted}, ${waitInWords(step.seconds_left)} left` : counted;
  const share = step?.total ? step.done / step.total : null;
  return progressLine(left, `${name}: ${words}`, status === "queued" ? 0 : share);
}

function progressLine(words, label, share) {
  const bar = element("progress", { max: 1, "aria-label": label });
  if (share !== null) bar.value = share;
  return element("p", { class: "stage" }, element("span", {}, words), bar);
}

/** The row of a file on its way: `show(share)`, `conclude(note)` to say how it ended, `node` to place and take away.
 *
 * What may end well another time is concluded with `again`, which sends the file once more. */
export function uploadRow(file) {
  const body = element("div");
  const line = element("div", { class: "document-line" }, element("span", { class: "document-title", dir: "auto" }, file.name));
  const node = element(
    "li",
    { class: "document" },
    line,
    element("p", { class: "facts" }, fileSize(file.size)),
    body,
  );
  const reopen = (again) => {
    line.lastElementChild.remove();
    delete node.dataset.status;
    again();
  };
  return {
    node,
    show(share) {
      const words = share < 1 ? `Uploading, ${Math.round(share * 100)}%` : "Uploaded, waiting for the server";
      body.replaceChildren(progressLine(words, `Uploading ${file.name}`, share));
    },
    conclude(note, again = null) {
      const ending = element(
        "span",
        { class: "document-buttons" },
        again && lineButton("Try again", file.name, () => reopen(again)),
        lineButton("Dismiss", file.name, () => node.remove(), "remove"),
      );
      body.replaceChildren(note);
      line.append(ending);
      node.dataset.status = "concluded";
    },
  };
}
