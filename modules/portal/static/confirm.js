/** Asking before something is deleted. */

import { element } from "./dom.js";

const OF_DOCUMENT =
  "The file, its text and its passages are removed, and what stored answers quote from it. This cannot be undone.";

/** Whether the person wants what has that title gone. */
export function confirmDeletion({ title }, consequence = OF_DOCUMENT) {
  const dialog = confirmation(`Delete “${title}”?`, consequence);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "delete");
    });
  });
}

function confirmation(question, consequence) {
  return element(
    "dialog",
    { class: "small-dialog", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
    element(
      "form",
      { method: "dialog" },
      element("h2", { id: "confirm-title", dir: "auto" }, question),
      element("p", { id: "confirm-text" }, consequence),
      element(
        "div",
        { class: "dialog-actions" },
        element("button", { value: "cancel", class: "quiet", autofocus: true }, "Keep it"),
        element("button", { value: "delete", class: "danger" }, "Delete"),
      ),
    ),
  );
}
