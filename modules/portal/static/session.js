/** Signing in where the server asks for a key; the cookie that it sets is out of reach of these scripts. */

import { byId } from "./dom.js";
import { askForKey } from "./sign-in.js";

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

async function ask() {
  try {
    await askForKey();
  } catch (problem) {
    offer("sign-in");
    throw problem;
  }
  offer("sign-out");
  window.dispatchEvent(new Event(SIGNED_IN));
}

async function signOut() {
  await fetch("/api/v1/auth/logout", { method: "POST" }).catch(() => null);
  location.reload();
}

/** One of the two buttons, or neither. */
function offer(id) {
  for (const each of ["sign-in", "sign-out"]) byId(each).hidden = each !== id;
}

/** Only a session of this browser's own can be ended; the local person has none. */
async function offerSignOut() {
  const response = await fetch("/api/v1/auth/me").catch(() => null);
  const { authentication } = response?.ok ? await response.json() : {};
  if (authentication === "session") offer("sign-out");
}

export function setUpSession() {
  byId("sign-in").addEventListener("click", () => signIn().catch(() => byId("sign-in").focus()));
  byId("sign-out").addEventListener("click", signOut);
  offerSignOut();
}
