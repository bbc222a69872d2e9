// Keys for everything an agent does often. An element with data-key-press is pressed by its key, wherever it comes from;
// the keys below are for things that say nothing of themselves. Never while typing, except Escape and Ctrl+Enter.
import { walk } from "./roving.js";

const FALLBACK = {
  "/": '#rows-search, .pane-search input[type="search"], [role="search"] input[type="search"]',
  "?": '[data-open="keys"]',
  m: "#macro-menu > summary",
  n: '#composer [role="tab"][data-mode="note"]',
  r: '#composer [role="tab"][data-mode="reply"]',
  u: ".conv-back",
};
const STEPS = { j: 1, k: -1 };
const FIELD = "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file]), textarea, select, [contenteditable]";
const PATIENCE = 1500;
let went = -PATIENCE;

export const composing = (event) => event.isComposing || event.keyCode === 229;
const typing = (element) => element.closest?.(`${FIELD}, dialog[open]`);
const visible = (element) => element?.checkVisibility({ checkVisibilityCSS: true }) ?? false;

// Whether somebody can get at it now: seen, or in a menu that only has to be opened.
export function reachable(element) {
  if (element.disabled || element.closest("[inert], template")) return false;
  return visible(element) || visible(element.closest("details.menu:not([open])")?.querySelector("summary"));
}

function find(key) {
  const found = [...document.querySelectorAll(`[data-key-press="${CSS.escape(key)}"]`)].filter(reachable);
  const near = found.find((one) => one.closest("li")?.contains(document.activeElement));
  const seen = found.filter(visible);
  const last = seen.filter((one) => one.closest("#notices")).at(-1);
  return near ?? last ?? seen[0] ?? found[0] ?? document.querySelector(FALLBACK[key] ?? ":not(*)");
}

export function press(element) {
  if (element.matches(FIELD)) {
    element.focus();
    element.select?.();
    return;
  }
  element.click();
  const menu = element.matches("summary") ? element.parentElement : null;
  if (menu?.matches(".menu")) requestAnimationFrame(() => menu.open && enter(menu));
}

function enter(menu) {
  if (menu.querySelector(".menu-list")?.contains(document.activeElement)) return;
  [...menu.querySelectorAll(".menu-list :is(input, textarea, a[href], button)")].find(visible)?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || composing(event)) return;
  const held = event.ctrlKey || event.metaKey;
  if (held && event.key === "Enter") send(event);
  else if (event.key === "Escape") leave(event);
  else if (event.key === "/" && event.target.matches?.("#reply-form .text") && !event.target.value) run(event, document.querySelector(FALLBACK.m));
  else if (!held && !event.altKey && !typing(event.target)) single(event);
});

function single(event) {
  const going = event.timeStamp - went < PATIENCE;
  went = event.key === "g" && !going ? event.timeStamp : -PATIENCE;
  if (going) {
    const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (place) run(event, place);
    return;
  }
  const found = find(event.key);
  if (found) run(event, found);
  else if (event.key in STEPS && walk(STEPS[event.key])) event.preventDefault();
}

function run(event, element) {
  if (!element) return;
  event.preventDefault();
  press(element);
}

// Escape leaves a field; the list's search gives the focus back to the list.
function leave(event) {
  if (!event.target.matches?.(FIELD) || event.target.closest("dialog[open]")) return;
  event.preventDefault();
  event.target.blur();
}

function send(event) {
  const form = event.target.closest?.(".composer-form");
  if (!form) return;
  const plain = form.querySelector("[data-send]:not([data-send-close])");
  const button = (event.shiftKey ? plain : form.querySelector("[data-send-close]")) ?? form.querySelector("[data-send]");
  event.preventDefault();
  if (button && !button.disabled) form.requestSubmit(button);
}
