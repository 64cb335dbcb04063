/** The text of a document for reading: its words as they stand, rows of cells as tables, one span marked. */

import { element } from "./dom.js";

const ROWS = /^\| .* \|(?:\n\| .* \|)*$/gm; // `| Revenue | 63.9 |`, as the server writes rows of tables
const EDGE = 2; // UTF-16 units of `| ` and ` |` at the ends of a row
const BETWEEN = " | ";

/** What stands in `text` from `start` to `stop`, with [from, to) marked; all in UTF-16 units. */
export function textWithSpan(text, { start, stop }, [from, to]) {
  const marked = (begin, end) => withMark(text, begin, end, from, to);
  const parts = [];
  let at = start;
  ROWS.lastIndex = start;
  for (let rows = ROWS.exec(text); rows && rows.index < stop; rows = ROWS.exec(text)) {
    parts.push(...marked(at, rows.index), table(rows[0], rows.index, marked));
    at = ROWS.lastIndex + 1; // a table ends its line itself
  }
  return element("div", { class: "canonical" }, parts, marked(at, Math.max(at, stop)));
}

function withMark(text, begin, end, from, to) {
  const first = Math.min(Math.max(from, begin), end);
  const last = Math.min(Math.max(to, first), end);
  const mark = first < last ? element("mark", {}, text.slice(first, last)) : null;
  return [text.slice(begin, first), mark, text.slice(last, end)];
}

function table(rows, offset, marked) {
  const lines = [];
  let at = offset;
  for (const line of rows.split("\n")) {
    lines.push(element("tr", {}, cells(line, at, marked)));
    at += line.length + 1;
  }
  return element("table", {}, element("tbody", {}, lines));
}

function cells(line, offset, marked) {
  let at = offset + EDGE;
  return line.slice(EDGE, -EDGE).split(BETWEEN).map((cell) => {
    const begin = at;
    at += cell.length + BETWEEN.length;
    return element("td", { dir: "auto" }, marked(begin, begin + cell.length));
  });
}
