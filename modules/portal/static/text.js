/** Words, numbers and offsets. */

/** The server counts Unicode code points, a browser UTF-16 units: where the span [start, end) stands in `text`. */
export function utf16Span(text, start, end) {
  const from = advance(text, 0, start);
  return [from, advance(text, from, end - start)];
}

function advance(text, from, codePoints) {
  let at = from;
  for (let left = codePoints; left > 0 && at < text.length; left -= 1) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
  }
  return at;
}

export function plural(count, noun) {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

export function fileSize(bytes) {
  if (bytes < 1000) return plural(bytes, "byte");
  const units = ["kB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  const size = bytes / 1000 ** power;
  return `${size.toFixed(size < 10 ? 1 : 0)} ${units[power - 1]}`;
}

const KINDS = {
  "application/pdf": "PDF",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
  "text/html": "HTML",
  "text/markdown": "Markdown",
  "text/plain": "Text",
  "text/csv": "CSV",
  "text/tab-separated-values": "TSV",
  "text/vtt": "Subtitles",
  "application/x-subrip": "Subtitles",
  "application/rtf": "RTF",
  "application/xml": "XML",
  "application/json": "JSON",
  "application/jsonl": "JSON lines",
  "application/msword": "Word",
  "application/vnd.ms-excel": "Excel",
  "application/vnd.ms-powerpoint": "PowerPoint",
  "application/x-ooxml-protected": "Office, locked",
  "application/zip": "ZIP",
  "application/epub+zip": "EPUB",
  "message/rfc822": "E-mail",
  "application/vnd.ms-outlook": "E-mail",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
  "application/vnd.oasis.opendocument.text": "OpenDocument text",
  "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument sheet",
  "application/vnd.oasis.opendocument.presentation": "OpenDocument slides",
};

const FAMILIES = { audio: "Recording", video: "Recording", image: "Picture" };

export function fileKind(mediaType) {
  const plain = mediaType.split(";")[0];
  return KINDS[plain] ?? FAMILIES[plain.split("/")[0]] ?? mediaType;
}

/** `| Revenue | 63.9 |` as "Revenue · 63.9", and so three cells or more without marks around them; else as it is. */
export function rowInWords(text) {
  const words = text.trim();
  const cells = words.split(/(?<=^|\s)\|(?=\s|$)/);
  const isRow = words.startsWith("| ") || cells.length > 2;
  return isRow ? cells.map((cell) => cell.trim()).filter(Boolean).join(" · ") : words;
}

/** Flowing text, each row of a table on a line of its own. */
export function passageInWords(text) {
  const lines = text.split("\n").map((line) => [line.trim(), rowInWords(line)]);
  const told = lines.map(([line, words]) => (words === line ? line : `\n${words}\n`)).join(" ");
  return told.split("\n").map((line) => line.trim()).filter(Boolean).join("\n");
}

/** "page 3", "pages 3 and 4", or nothing for documents without pages. */
function pagesInWords(pages) {
  if (pages.length === 0) return "";
  if (pages.length === 1) return `page ${pages[0]}`;
  return `pages ${pages.slice(0, -1).join(", ")} and ${pages.at(-1)}`;
}

/** "about 2 minutes"; no more exact than such an estimate can be. */
export function waitInWords(seconds) {
  if (seconds < 90) return `about ${plural(Math.max(5, 5 * Math.round(seconds / 5)), "second")}`;
  if (seconds < 5400) return `about ${plural(Math.round(seconds / 60), "minute")}`;
  return `about ${plural(Math.round(seconds / 3600), "hour")}`;
}

/** 3725 as "1:02:05". */
function momentInWords(seconds) {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, at) => (at ? String(part).padStart(2, "0") : String(part))).join(":");
}

/** "2026 B2, D4"; a sheet is named once for neighbours in it. */
const cellsInWords = (cells = []) =>
  cells.map(({ sheet, range }, at) => (sheet === cells[at - 1]?.sheet ? range : `${sheet} ${range}`)).join(", ");

export function sourceInWords({ title, pages, heading_path: headings, seconds, cells }) {
  const spoken = seconds ? `at ${momentInWords(seconds[0])}` : "";
  const place = pagesInWords(pages) || spoken || cellsInWords(cells) || headings.at(-1);
  return place ? `${title}, ${place}` : title;
}

export function confidenceInWords(confidence) {
  const percent = `${Math.round(confidence * 100)}%`;
  if (confidence >= 0.75) return `High confidence, ${percent}`;
  if (confidence >= 0.45) return `Fair confidence, ${percent}`;
  return `Low confidence, ${percent}`;
}

const inBritain = (style) => (time) => new Date(time).toLocaleString("en-GB", style);

/** "22 Nov 2026" */
export const dayInWords = inBritain({ dateStyle: "medium" });

/** "22 Nov 2026, 03:50", here */
export const momentOfDay = inBritain({ dateStyle: "medium", timeStyle: "short" });

export const durationInWords = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
