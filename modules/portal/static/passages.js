/** What was read before answering: the passages that the search found. */

import { element } from "./dom.js";
import { passageInWords, plural, sourceInWords } from "./text.js";
import { openViewer } from "./viewer.js";

export function passageList(passages, traceId = null) {
  return element(
    "details",
    { class: "passages" },
    element("summary", {}, `What was read: ${plural(passages.length, "passage")}`),
    element("ol", {}, passages.map(item)),
    traceId ? element("p", { class: "trace" }, `Trace ${traceId}`) : null,
  );
}

function item(passage) {
  const onClick = () => openViewer({ ...passage, quote: passage.text });
  return element(
    "li",
    {},
    element("button", { type: "button", class: "source", dir: "auto", on: { click: onClick } }, sourceInWords(passage)),
    element("p", { dir: "auto" }, passageInWords(passage.text)),
  );
}
