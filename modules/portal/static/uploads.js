/** Files in: dropped anywhere on the page or chosen, a few at a time. */

import { upload } from "./api.js";
import { announce, byId, element } from "./dom.js";
import { Problem, problemNote } from "./problem.js";
import { uploadRow } from "./row.js";
import { fileSize } from "./text.js";

const AT_ONCE = 2;

/** Calls `onUploaded(document)` for each file that the server took. */
export function setUpUploads(onUploaded) {
  const waiting = [];
  let running = 0;

  const next = () => {
    while (running < AT_ONCE && waiting.length > 0) {
      running += 1;
      const [file, row] = waiting.shift();
      send(file, row, { onUploaded, again: () => queue(file, row) }).finally(() => {
        running -= 1;
        next();
      });
    }
  };

  const queue = (file, row) => {
    row.show(0);
    waiting.push([file, row]);
    next();
  };

  const add = (files) => {
    for (const file of files) queue(file, place(file));
  };

  setUpPicker(add);
  setUpDropping(add);
}

function place(file) {
  const row = uploadRow(file);
  byId("uploads").append(row.node);
  return row;
}

async function send(file, row, { onUploaded, again }) {
  try {
    const { duplicate, ...document } = await upload(file, row.show);
    if (duplicate) tellDuplicate(file, row, document);
    else row.node.remove();
    onUploaded(document);
  } catch (problem) {
    const told = inPlainWords(problem, file);
    row.conclude(problemNote(told), isRefused(problem) ? null : again);
    announce(`${file.name} was not added. ${told.message}`);
  }
}

/** For good: the same file would be refused again. */
const isRefused = ({ status }) => [413, 415, 422].includes(status);

/** A refusal as whoever chose the file may take it; the server's own words are for programs. */
function inPlainWords({ title, detail, status, traceId, facts }, file) {
  const limit = facts.max_bytes ?? (facts.type === "/problems/upload-too-large" ? facts.limit : null);
  const words = limit
    ? `It is ${fileSize(file.size)}, and this server takes no more than ${fileSize(limit)}.`
    : facts.supported && "Documents, sheets, slides, web pages, e-mail, pictures, recordings, text and ZIP are read.";
  return new Problem({ title, detail: words || detail, status, trace_id: traceId });
}

function tellDuplicate(file, row, { title }) {
  const words = `The same content is here already, as “${title}”. Nothing was stored twice.`;
  row.conclude(element("p", { class: "stage" }, words));
  announce(`${file.name}: ${words}`);
}

function setUpPicker(add) {
  const picker = byId("files");
  byId("choose-files").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    add(picker.files);
    picker.value = "";
  });
}

function setUpDropping(add) {
  const zone = byId("drop-zone");
  const show = (isOver) => {
    zone.hidden = !isOver;
  };
  const onFiles = (handle) => (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    handle(event);
  };
  window.addEventListener("dragenter", onFiles(() => show(true)));
  window.addEventListener("dragover", onFiles(() => show(true)));
  window.addEventListener("dragleave", onFiles((event) => show(event.relatedTarget !== null)));
  window.addEventListener("drop", onFiles((event) => {
    show(false);
    const folders = foldersIn(event.dataTransfer);
    for (const folder of folders) refuse(folder);
    add([...event.dataTransfer.files].filter((file) => !folders.includes(file)));
  }));
}

/** A dropped folder looks like a file that cannot be read. */
function foldersIn({ items }) {
  return [...items].filter((item) => item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile());
}

function refuse(folder) {
  const row = place(folder);
  const problem = new Problem({ title: "This is a folder.", detail: "Open it and drop the files that are in it." });
  row.conclude(problemNote(problem));
}
