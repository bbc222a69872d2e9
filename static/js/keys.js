// Keys for everything an agent does often. Never while typing, except Escape and Ctrl+Enter.
import { openMacros, show } from "./composer.js";
import { move } from "./list.js";

const typing = (element) => element.closest?.("input, textarea, select, [contenteditable], dialog[open]");
const press = (key) => document.querySelector(`#head [data-key-press="${key}"]`)?.click();
const ACTIONS = {
  j: () => move(1),
  k: () => move(-1),
  r: () => show("reply"),
  n: () => show("note"),
  a: () => press("a"),
  e: () => press("e"),
  s: () => document.querySelector(".pane-search input")?.focus(),
  "/": () => openMacros(),
  "?": () => document.getElementById("keys")?.showModal(),
};
let before = "";

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return send(event);
  if (event.key === "Escape" && event.target.matches?.("#composer .text, .pane-search input")) return event.target.blur();
  if (event.key === "/" && event.target.matches?.("#reply-form .text") && !event.target.value) return run(event, ACTIONS["/"]);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return undefined;
  const goes = before === "g" && event.key === "i";
  before = event.key;
  if (goes) return run(event, () => window.location.assign("/"));
  return ACTIONS[event.key] ? run(event, ACTIONS[event.key]) : undefined;
});

function run(event, action) {
  event.preventDefault();
  action();
}

function send(event) {
  const form = event.target.closest?.(".composer-form");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("[data-send-close]") || form.querySelector("[data-send]");
  if (!button.disabled) form.requestSubmit(button);
}
