// @ in a note: colleagues by name. The words stay plain text; the server reads the names out of it.
import { area, box, changed } from "./editor.js";

const BEFORE = /(?:^|[\s(（、。])@([^\s@]{0,30})$/;
const PAUSE = 120;
let timer = 0;
let chosen = 0;
let asked = "";

const list = () => document.getElementById("mentions");
const field = () => area("note");
const choices = () => [...list().children];

function begun() {
  const place = field();
  return BEFORE.exec(place.value.slice(0, place.selectionStart))?.[1];
}

async function suggest() {
  const word = begun();
  if (word === undefined) return close();
  asked = word;
  const query = new URLSearchParams({ ticket: box().dataset.key, q: word });
  try {
    const answer = await fetch(`/agents/mentionable?${query}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || asked !== word || begun() !== word) return undefined;
    const found = await answer.json();
    return show(Array.isArray(found) ? found : []);
  } catch {
    return close();
  }
}

function show(found) {
  if (!found.length) return close();
  list().replaceChildren(...found.slice(0, 8).map((agent, place) => {
    const one = Object.assign(document.createElement("li"), { id: `mention-${place}`, textContent: agent.name });
    one.setAttribute("role", "option");
    return one;
  }));
  list().hidden = false;
  return mark(0);
}

function mark(place) {
  const all = choices();
  chosen = (place + all.length) % all.length;
  for (const [at, one] of all.entries()) one.setAttribute("aria-selected", String(at === chosen));
  field().setAttribute("aria-activedescendant", all[chosen].id);
}

function close() {
  list().hidden = true;
  field().removeAttribute("aria-activedescendant");
}

function take(one) {
  const place = field();
  const start = place.value.slice(0, place.selectionStart).lastIndexOf("@");
  place.setRangeText(`@${one.textContent} `, start, place.selectionStart, "end");
  close();
  place.focus();
  changed("note");
}

document.addEventListener("input", (event) => {
  if (!field() || event.target !== field()) return;
  clearTimeout(timer);
  timer = setTimeout(suggest, PAUSE);
});
document.addEventListener("keydown", (event) => {
  if (!field() || event.target !== field() || list().hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
  const act = { ArrowDown: () => mark(chosen + 1), ArrowUp: () => mark(chosen - 1), Enter: () => take(choices()[chosen]), Tab: () => take(choices()[chosen]), Escape: close }[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  act();
}, true);
document.addEventListener("mousedown", (event) => {
  const one = event.target.closest?.("#mentions li");
  if (!one) return;
  event.preventDefault();
  take(one);
});
document.addEventListener("focusout", (event) => {
  if (field() && event.target === field()) close();
});
