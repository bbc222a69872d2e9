// Dialogs that a button opens, and the sheet of keys: what the page at hand offers is read off the page.
import { reachable } from "./keys.js";

const KNOWN = () => new Set([...document.querySelectorAll("#keys section:not(#keys-here):not([hidden]) dt")].map((dt) => [...dt.querySelectorAll("kbd")].map((kbd) => kbd.textContent).join(" ")));

export function labelOf(element) {
  return element.dataset.action || element.getAttribute("aria-label") || element.title || element.textContent.trim().replace(/\s+/g, " ");
}

function fill(dialog) {
  for (const group of dialog.querySelectorAll("[data-when]")) group.hidden = !document.querySelector(group.dataset.when);
  const known = KNOWN();
  const found = new Map();
  for (const one of document.querySelectorAll("[data-key-press]")) {
    const key = one.dataset.keyPress;
    if (!known.has(key) && !["j", "k", "x", "X", "z"].includes(key) && !found.has(key) && reachable(one)) found.set(key, labelOf(one));
  }
  const here = dialog.querySelector("#keys-here");
  here.hidden = found.size === 0;
  here.querySelector("dl").replaceChildren(...[...found].map(([key, words]) => line(key, words)));
}

function line(key, words) {
  const [box, term, said] = ["div", "dt", "dd"].map((name) => document.createElement(name));
  const parts = /^[A-Z]$/.test(key) ? ["Shift", key] : [key];
  term.append(...parts.map((part) => Object.assign(document.createElement("kbd"), { textContent: part })));
  said.textContent = words;
  box.append(term, said);
  return box;
}

export function open(name) {
  const dialog = document.getElementById(name);
  if (!dialog || dialog.open) return;
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  if (name === "keys") fill(dialog);
  dialog.dispatchEvent(new Event("opening"));
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-open]");
  if (opener) open(opener.dataset.open);
  if (event.target.matches?.("dialog.dialog")) outside(event);
});

// A press beside the dialog, on its backdrop, closes it.
function outside(event) {
  const box = event.target.getBoundingClientRect();
  const within = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!within && event.detail > 0) event.target.close();
}
