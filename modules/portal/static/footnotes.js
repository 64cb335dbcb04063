/** The footnotes of one answer: numbered in the order in which its sentences name them. */

import { element } from "./dom.js";
import { rowInWords, sourceInWords } from "./text.js";
import { openViewer } from "./viewer.js";

export class Footnotes {
  constructor(prefix) {
    this.prefix = prefix;
    this.notes = new Map();
    this.list = element("ol", { class: "footnotes" });
    this.node = element("section", { hidden: true, "aria-label": "Footnotes" }, element("hr", { class: "footnote-rule" }), this.list);
  }

  /** The mark behind a sentence that leads to the citation `index`, which may arrive later. */
  reference(index) {
    const note = this.note(index);
    const onClick = () => note.citation && openViewer(note.citation);
    const button = element("button", { type: "button", class: "noteref", on: { click: onClick } }, String(note.number));
    note.references.push(button);
    describe(note);
    return element("sup", {}, button);
  }

  add(citation) {
    const note = this.note(citation.index);
    note.citation = citation;
    note.item.replaceChildren(quotation(citation), source(citation));
    describe(note);
  }

  note(index) {
    if (!this.notes.has(index)) this.notes.set(index, this.create(this.notes.size + 1));
    return this.notes.get(index);
  }

  create(number) {
    const item = element("li", { id: `${this.prefix}-note-${number}` });
    this.list.append(item);
    this.node.hidden = false;
    return { number, item, citation: null, references: [] };
  }
}

function describe({ number, citation, references }) {
  const label = citation ? `Footnote ${number}: ${sourceInWords(citation)}` : `Footnote ${number}`;
  for (const reference of references) reference.setAttribute("aria-label", label);
}

const quotation = ({ quote }) => element("q", { dir: "auto" }, rowInWords(quote.replace(/\s+/g, " ")));

function source(citation) {
  const onClick = () => openViewer(citation);
  return element("button", { type: "button", class: "source", dir: "auto", on: { click: onClick } }, sourceInWords(citation));
}

/** A footnote mark never begins a line: it stays with the last word. */
export function withReferences(words, references) {
  const last = words.lastIndexOf(" ") + 1;
  return [words.slice(0, last), element("span", { class: "tied" }, words.slice(last), references)];
}
