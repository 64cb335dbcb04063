/** What went wrong, in words: RFC 9457 problems of the server, and a network that fails. */

import { element } from "./dom.js";

export class Problem extends Error {
  constructor({ title = "Something went wrong.", detail = "", status = 0, trace_id: traceId = null, ...facts }) {
    super(detail || title);
    this.title = title;
    this.detail = detail;
    this.status = status;
    this.traceId = traceId;
    this.facts = facts; // what else the server says of it
  }
}

export const unreachable = () =>
  new Problem({ title: "The server cannot be reached", detail: "Check that it is running, then try again." });

export function problemFrom(status, body) {
  try {
    return new Problem({ status, ...JSON.parse(body) });
  } catch {
    return new Problem({ status, title: `The server answered ${status}` });
  }
}

export async function responseProblem(response) {
  return problemFrom(response.status, await response.text());
}

/** A paragraph that says what failed and, for whoever looks after the server, under which trace.
 *
 * `problem` is a `Problem`, or the object of one as it stands in a document. */
export function problemNote(problem) {
  const { title, detail, traceId } = problem instanceof Problem ? problem : new Problem(problem);
  return element(
    "p",
    { class: "problem" },
    element("strong", {}, /[.!?…]$/.test(title) ? title : `${title}.`),
    detail && detail !== title ? [" ", ...withCode(detail)] : null,
    traceId ? element("span", { class: "trace" }, ` Trace ${traceId}`) : null,
  );
}

/** What stands between backticks is to be typed as it is. */
const withCode = (text) => text.split("`").map((part, at) => (at % 2 ? element("code", {}, part) : part));
