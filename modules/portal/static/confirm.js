/** Asking before something is deleted. */

import { byId } from "./dom.js";

const OF_DOCUMENT =
  "The file, its text and its passages are removed, and what stored answers quote from it. This cannot be undone.";

/** Whether the person wants what has that title gone. */
export function confirmDeletion({ title }, consequence = OF_DOCUMENT) {
  const dialog = byId("confirm");
  byId("confirm-title").textContent = `Delete “${title}”?`;
  byId("confirm-text").textContent = consequence;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "delete"), { once: true });
  });
}
