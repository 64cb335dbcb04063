/** Rows of a table as sentences of an answer. */

import { element } from "./dom.js";

const FIGURE = /^[\s$€£¥(−–-]*\d[\d\s.,%)]*$/;

/** The cells of `| Revenue | 63.9 |`, also empty ones; null for anything else. */
export function cellsOf(text) {
  const row = text.trim();
  if (!/^\|\s.*\s\|$/s.test(row)) return null;
  return row.slice(1, -1).split(/(?<=\s|^)\|(?=\s|$)/).map((cell) => cell.trim());
}

/** Below the row that `prose` ends with, if that has as many cells, else in a table of its own.
 *
 * References have a cell to themselves: behind a figure they would read as an exponent. */
export function appendRow(prose, cells, kind, references) {
  const columns = String(cells.length);
  const last = prose.lastElementChild;
  const table = last?.dataset.columns === columns ? last : element("div", { class: "rows", "data-columns": columns }, tableOf());
  if (table !== last) prose.append(table);
  const row = element("tr", { class: kind }, cells.map(cell), element("td", { class: "marks" }, references));
  table.querySelector("tbody").append(row);
  for (const figure of row.querySelectorAll(".figure")) alignColumn(table, figure.cellIndex);
}

/** What heads a column of figures stands above them. */
function alignColumn(table, index) {
  for (const { cells } of table.querySelectorAll("tr")) cells[index].classList.add("column-of-figures");
}

const tableOf = () => element("table", {}, element("tbody"));

const cell = (words) => element("td", { class: FIGURE.test(words) ? "figure" : "", dir: "auto" }, words);
