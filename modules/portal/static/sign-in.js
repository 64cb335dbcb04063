/** The dialog that asks for the API key, where the server wants one. */

import { byId, element, oneAtATime } from "./dom.js";
import { Problem, responseProblem, unreachable } from "./problem.js";

/** Asks until the server takes a key; rejects when the dialog is dismissed. */
export function askForKey() {
  const dialog = signInDialog();
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve, reject) => {
    const enter = oneAtATime(async () => {
      if (await isTaken()) dialog.close("signed in");
    });
    byId("sign-in-form").addEventListener("submit", (event) => {
      event.preventDefault();
      enter();
    });
    byId("sign-in-cancel").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (dialog.returnValue === "signed in") resolve();
      else reject(new Problem({ title: "Not signed in", detail: "Sign in, at the top of this page, to go on.", status: 401 }));
    });
  });
}

async function isTaken() {
  const field = byId("api-key");
  const problem = await login(field.value.trim());
  byId("sign-in-error").hidden = problem === null;
  byId("sign-in-error").textContent = problem?.message ?? "";
  if (problem) field.select();
  return problem === null;
}

async function login(apiKey) {
  try {
    const response = await fetch("/api/v1/auth/login", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ api_key: apiKey }),
    });
    return response.ok ? null : await responseProblem(response);
  } catch {
    return unreachable();
  }
}

function signInDialog() {
  return element(
    "dialog",
    { class: "small-dialog", "aria-labelledby": "sign-in-title" },
    element(
      "form",
      { id: "sign-in-form" },
      element("h2", { id: "sign-in-title" }, "Sign in"),
      element("p", {}, "This server asks for an API key. Whoever runs it can give you one."),
      element("label", { htmlFor: "api-key" }, "API key"),
      element("input", {
        id: "api-key",
        name: "api_key",
        type: "password",
        autocomplete: "current-password",
        required: true,
        "aria-describedby": "sign-in-error",
      }),
      element("p", { id: "sign-in-error", class: "problem", role: "alert", hidden: true }),
      element(
        "div",
        { class: "dialog-actions" },
        element("button", { type: "button", id: "sign-in-cancel", class: "quiet" }, "Cancel"),
        element("button", { type: "submit", class: "primary" }, "Sign in"),
      ),
    ),
  );
}
