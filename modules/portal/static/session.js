/** Signing in where the server asks for a key; the cookie that it sets is out of reach of these scripts. */

import { byId } from "./dom.js";
import { Problem, responseProblem, unreachable } from "./problem.js";

const SIGNED_IN = "footnote:signed-in";

let asking = null;

/** Calls `handler` whenever the server has taken a key. */
export const onSignedIn = (handler) => window.addEventListener(SIGNED_IN, handler);

/** Asks for the API key until the server takes it; several callers share one dialog. Rejects when it is dismissed. */
export function signIn() {
  asking ??= ask().finally(() => {
    asking = null;
  });
  return asking;
}

function ask() {
  const dialog = byId("sign-in");
  showError(null);
  dialog.showModal();
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const { signal } = settled;
    byId("sign-in-form").addEventListener("submit", (event) => submit(event, () => {
      settled.abort();
      dialog.close();
      resolve();
    }), { signal });
    dialog.addEventListener("close", () => {
      settled.abort();
      reject(new Problem({ title: "Not signed in", detail: "Sign in to go on.", status: 401 }));
    }, { signal });
  });
}

async function submit(event, accepted) {
  event.preventDefault();
  const field = byId("api-key");
  const problem = await login(field.value.trim());
  if (problem) {
    showError(problem);
    field.select();
    return;
  }
  field.value = "";
  byId("sign-out").hidden = false;
  window.dispatchEvent(new Event(SIGNED_IN));
  accepted();
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

function showError(problem) {
  const note = byId("sign-in-error");
  note.hidden = problem === null;
  note.textContent = problem?.message ?? "";
}

async function signOut() {
  await fetch("/api/v1/auth/logout", { method: "POST" }).catch(() => null);
  location.reload();
}

/** Only a session of this browser's own can be ended; the local person has none. */
async function showSignOut() {
  const response = await fetch("/api/v1/auth/me").catch(() => null);
  const { authentication } = response?.ok ? await response.json() : {};
  byId("sign-out").hidden = authentication !== "session";
}

export function setUpSession() {
  byId("sign-out").addEventListener("click", signOut);
  byId("sign-in-cancel").addEventListener("click", () => byId("sign-in").close());
  showSignOut();
}
