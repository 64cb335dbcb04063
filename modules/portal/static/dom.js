/** Building pages. Text from documents and people only ever becomes text nodes and attributes, never markup. */

export const byId = (id) => document.getElementById(id);

/** An element with `properties` (`class`, `on: {event: handler}`, `aria-*`, `data-*`, DOM properties) and children. */
export function element(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) set(node, key, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

function set(node, key, value) {
  if (value === null || value === undefined) return;
  if (key === "on") {
    for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
  } else if (key === "class") {
    node.className = value;
  } else if (key.includes("-") || key === "role") {
    node.setAttribute(key, value);
  } else {
    node[key] = value;
  }
}

/** Says `message` to people who listen instead of look. */
export function announce(message) {
  byId("announcer").textContent = message;
}

/** `work`, deaf to further calls until it is done: a button pressed twice does its work once. */
export function oneAtATime(work) {
  let isBusy = false;
  return async (...parameters) => {
    if (isBusy) return;
    isBusy = true;
    try {
      await work(...parameters);
    } finally {
      isBusy = false;
    }
  };
}
