/** Calls to the HTTP interface. Every failure is a `Problem`; a 401 asks for the key and tries once more. */

import { Problem, problemFrom, responseProblem, unreachable } from "./problem.js";
import { signIn } from "./session.js";

const ROOT = "/api/v1";
const JSON_HEADERS = { "Content-Type": "application/json" };

export function address(path, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const query = new URLSearchParams(given).toString();
  return ROOT + path + (query && `?${query}`);
}

export const documentPath = (id, rest = "") => `/documents/${encodeURIComponent(id)}${rest}`;

async function attempt(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : unreachable();
  }
}

/** The response, once it is a good one. */
async function call(url, options = {}) {
  let response = await attempt(url, options);
  if (response.status === 401) {
    await signIn();
    response = await attempt(url, options);
  }
  if (!response.ok) throw await responseProblem(response);
  return response;
}

export async function getJson(path, parameters) {
  return (await call(address(path, parameters))).json();
}

/** Changes something; what the server says of it. */
export async function send(method, path, body) {
  const content = body === undefined ? {} : { headers: JSON_HEADERS, body: JSON.stringify(body) };
  const response = await call(address(path), { method, ...content });
  return response.status === 204 ? {} : response.json();
}

export const deleteDocument = (id) => send("DELETE", documentPath(id));

/** `action` is `retry` or `cancel`; the document as it is then. */
export const actOn = (id, action) => send("POST", documentPath(id, `/${action}`));

/** Canonical text, code point for code point: a byte order mark that belongs to it stays. */
export async function getText(path, parameters) {
  const response = await call(address(path, parameters));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer());
}

export async function getImage(path, parameters) {
  return (await call(address(path, parameters))).blob();
}

export const conversationPath = (id) => `/conversations/${encodeURIComponent(id)}`;

/** `place` says where in which conversation the question stands. */
export function openAnswer(question, place, signal) {
  return call(address("/answers"), {
    method: "POST",
    headers: { ...JSON_HEADERS, Accept: "text/event-stream" },
    body: JSON.stringify({ question, ...place, stream: true }),
    signal,
  });
}

/** A server that refuses a file may hang up before it has read all of it; no answer arrives then. */
const brokenOff = () =>
  new Problem({
    title: "The upload broke off.",
    detail: "The server cannot be reached, or hung up because the file is larger than it takes.",
  });

/** Uploads one file; `onProgress` gets the share sent, from 0 to 1. XHR, because fetch does not tell. */
export async function upload(file, onProgress) {
  const first = await transmit(file, onProgress);
  if (first.status !== 401) return accepted(first);
  await signIn();
  return accepted(await transmit(file, onProgress));
}

function transmit(file, onProgress) {
  const form = new FormData();
  form.append("file", file);
  const request = new XMLHttpRequest();
  request.open("POST", address("/documents"));
  request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
  return new Promise((resolve, reject) => {
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(brokenOff()));
    request.send(form);
  });
}

function accepted({ status, responseText }) {
  if (status >= 300) throw problemFrom(status, responseText);
  return JSON.parse(responseText).items[0];
}
