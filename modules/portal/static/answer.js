/** One question and its answer, growing as its events arrive. */

import { element } from "./dom.js";
import { Footnotes, withReferences } from "./footnotes.js";
import { passageList } from "./passages.js";
import { Problem, problemNote } from "./problem.js";
import { appendRow, cellsOf } from "./rows.js";
import { confidenceInWords, durationInWords } from "./text.js";

const STEPS = {
  guard: "Reading the question",
  contextualise: "Understanding the question",
  plan: "Planning the search",
  retrieve: "Searching the documents",
  judge: "Weighing what was found",
  correct: "Searching once more",
  pack: "Choosing what to read",
  screen: "Choosing what to read",
  prompt: "Choosing what to read",
  draft: "Writing",
  verify: "Checking every sentence",
  cite: "Finding the exact words",
  score: "Weighing the answer",
  store: "Keeping the answer",
};

const ABSTENTION =
  "Nothing that was read answers this well enough to be quoted. See below what was read; other words may find more.";

const NOTHING_READ = "Nothing was found to read for it. Add the documents that may say it, or ask in other words.";

const REDACTED = "What stood here is withheld: the documents that it quoted are gone, or not yours to read any more.";

let answers = 0;

export class AnswerView {
  constructor(question) {
    answers += 1;
    const headingId = `answer-${answers}`;
    this.isSettled = false;
    this.question = question;
    this.answer = null; // once it is kept
    this.footnotes = new Footnotes(headingId);
    this.marks = { citations: [], nodes: [] }; // behind the last sentence
    this.step = element("p", { class: "step", role: "status" }, STEPS.retrieve);
    this.understood = element("p", { class: "understood", dir: "auto", hidden: true });
    this.prose = element("div", { class: "prose", dir: "auto", "aria-live": "polite", "aria-relevant": "additions" });
    this.meta = element("p", { class: "meta" });
    this.read = element("div");
    this.article = element(
      "article",
      { class: "answer", "aria-labelledby": headingId, "aria-busy": "true" },
      element("h3", { id: headingId, class: "question", dir: "auto" }, question),
      this.understood,
      this.prose,
      this.step,
      this.meta,
      this.footnotes.node,
      this.read,
    );
  }

  /** An answer that is kept already. */
  static of(answer) {
    const view = new AnswerView(answer.question);
    for (const citation of answer.citations) view.footnotes.add(citation);
    for (const sentence of answer.sentences) view.finish(sentence);
    view.conclude(answer);
    return view;
  }

  /** Throws the problem that ended the answer. */
  take(event, data) {
    const handlers = {
      status: () => this.showStep(data),
      passages: () => this.read.replaceChildren(passageList(data.passages)),
      token: () => this.draft().append(data.text),
      sentence: () => this.finish(data),
      citation: () => this.footnotes.add(data.citation ?? data),
      done: () => this.conclude(data.answer),
      error: () => {
        throw new Problem(data.problem ?? data);
      },
    };
    handlers[event]?.();
  }

  showStep({ step, question }) {
    this.step.textContent = STEPS[step] ?? step;
    this.showUnderstanding(question);
  }

  /** How a question was understood that leans on earlier ones. */
  showUnderstanding(question) {
    if (!question || question === this.question) return;
    this.understood.hidden = false;
    this.understood.textContent = `Understood as: ${question}`;
  }

  /** Tokens gather unannounced in a draft; the finished sentence replaces it and is read aloud. */
  draft() {
    if (!this.pending) {
      this.pending = element("span", { class: "draft", "aria-hidden": "true" });
      this.prose.append(this.pending);
    }
    return this.pending;
  }

  dropDraft() {
    this.pending?.remove();
    this.pending = null;
  }

  finish({ text, verdict, citations }) {
    this.dropDraft();
    if (verdict === "withheld") {
      this.withhold();
      return;
    }
    const marks = this.marksOf(citations);
    if (verdict === "unsupported") marks.push(element("span", { class: "verdict" }, " not supported"));
    const cells = cellsOf(text);
    const kind = `sentence ${verdict}`;
    if (cells) appendRow(this.prose, cells, kind, marks);
    else this.prose.append(element("span", { class: kind }, withReferences(text.trim(), marks)), " ");
  }

  /** Neighbours that rest on the same share their marks, which move on to the last of them. */
  marksOf(citations) {
    if (String(citations) !== String(this.marks.citations))
      this.marks = { citations, nodes: citations.map((index) => this.footnotes.reference(index)) };
    return [...this.marks.nodes];
  }

  /** Neighbours are counted in one remark. */
  withhold() {
    this.marksOf([]);
    const last = this.prose.lastElementChild;
    const count = Number(last?.dataset.withheld ?? 0) + 1;
    if (count > 1) last.remove();
    const words = count > 1 ? `${count} sentences were withheld.` : "A sentence was withheld.";
    this.prose.append(element("span", { class: "withheld", "data-withheld": count }, words), " ");
  }

  conclude(answer) {
    this.dropDraft();
    this.settle();
    this.answer = answer;
    this.article.dataset.documents = [...answer.citations, ...answer.passages].map((each) => each.document_id).join(" ");
    this.showUnderstanding(answer.standalone_question);
    if (answer.abstained) this.abstain(answer);
    else if (answer.text === "") this.prose.replaceChildren(element("span", { class: "withheld" }, REDACTED));
    this.meta.textContent = metaInWords(answer);
    this.meta.before(...(answer.notes ?? []).map((note) => element("p", { class: "note" }, note)));
    this.read.replaceChildren(...(answer.passages.length ? [passageList(answer.passages, answer.trace_id)] : []));
  }

  abstain({ text, passages }) {
    this.article.classList.add("abstained");
    this.prose.replaceChildren(text);
    this.prose.after(element("p", { class: "abstention" }, passages.length ? ABSTENTION : NOTHING_READ));
  }

  fail(problem) {
    this.settle();
    this.meta.replaceWith(element("div", { role: "alert" }, problemNote(problem)));
  }

  settle() {
    this.isSettled = true;
    this.step.remove();
    this.article.setAttribute("aria-busy", "false");
  }
}

/** An answer that rests on no passage, such as "I will remember that.", is neither sure nor unsure. */
function metaInWords({ abstained, text, passages, confidence, model, timings_ms: { total } }) {
  const isWeighed = !abstained && text !== "" && passages.length > 0;
  const parts = [isWeighed ? confidenceInWords(confidence) : null, model, total && durationInWords(total)];
  return parts.filter(Boolean).join(" · ");
}
