/** Changing words where they stand. */

import { element, oneAtATime } from "./dom.js";
import { problemNote } from "./problem.js";

/** A form in place of `shown` until it is saved or left, then the focus goes back to `opener`.
 *
 * `save` gets the words; what it throws is told in the form. */
export function editInPlace(shown, opener, { label, value, maxLength, isLong = false }, save) {
  const field = element(isLong ? "textarea" : "input", { value, maxLength, required: true, "aria-label": label });
  const note = element("div", { role: "alert" });
  const form = element(
    "form",
    { class: "inline-form", on: { submit: onSubmit, keydown: onKey } },
    field,
    element("button", { type: "submit", class: "primary small" }, "Save"),
    element("button", { type: "button", class: "quiet", on: { click: leave } }, "Cancel"),
    note,
  );
  shown.hidden = true;
  shown.after(form);
  field.focus();
  field.select();

  const keep = oneAtATime(async () => {
    note.replaceChildren();
    const words = field.value.trim();
    try {
      if (words && words !== value) await save(words);
      leave();
    } catch (problem) {
      note.replaceChildren(problemNote(problem));
    }
  });

  function onSubmit(event) {
    event.preventDefault();
    keep();
  }

  function onKey(event) {
    if (event.key === "Escape") leave();
    if (event.key !== "Enter" || !isLong || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  }

  function leave() {
    form.remove();
    shown.hidden = false;
    opener.focus();
  }
}
