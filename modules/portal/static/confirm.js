/** Asking before a document is deleted. */

import { byId } from "./dom.js";

/** Whether the person wants `document` gone. */
export function confirmDeletion({ title }) {
  const dialog = byId("confirm");
  byId("confirm-title").textContent = `Delete “${title}”?`;
  byId("confirm-text").textContent =
    "The file, its text and its passages are removed, and what stored answers quote from it. This cannot be undone.";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "delete"), { once: true });
  });
}
