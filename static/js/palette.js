// Ctrl+K: one field for what can be found (asked of the server) and what can be done (read off the page).
import { composing, press, reachable } from "./keys.js";
import { labelOf, open } from "./sheet.js";

const MOST = 6;
const dialog = document.getElementById("palette");
const field = dialog?.querySelector("input");
const list = dialog?.querySelector("#palette-found");
let asked = null;
let served = "";
let timer = 0;

// How well the words fit: every character in order, better at the beginnings of words and without gaps; -1 for not.
export function score(words, text) {
  const [sought, within] = [words.normalize("NFKC").toLowerCase(), text.normalize("NFKC").toLowerCase()];
  const whole = within.indexOf(sought);
  if (whole >= 0) return 1000 - whole;
  let [place, points] = [-1, 0];
  for (const letter of sought.replace(/\s+/g, "")) {
    const next = within.indexOf(letter, place + 1);
    if (next < 0) return -1;
    points += next === place + 1 ? 8 : /[\s·:／、]/.test(within[next - 1] ?? " ") ? 6 : 1;
    place = next;
  }
  return points - within.length / 50;
}

function actions(words) {
  const seen = new Map();
  for (const one of document.querySelectorAll("[data-action], .rail-link[data-go]")) {
    const label = labelOf(one);
    if (!one.closest("dialog") && !seen.has(label) && reachable(one)) seen.set(label, one);
  }
  const ranked = [...seen].map(([label, element]) => ({ label: element.dataset.label ?? label, element, points: words ? score(words, label) : 0 }));
  return ranked.filter((one) => one.points >= 0).sort((a, b) => b.points - a.points).slice(0, words ? MOST : 12);
}

function group(found) {
  if (!found.length) return [];
  const box = document.createElement("div");
  box.className = "palette-group";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", dialog.dataset.actions);
  const title = Object.assign(document.createElement("p"), { className: "palette-title", textContent: dialog.dataset.actions });
  title.setAttribute("aria-hidden", "true");
  box.append(title, ...found.map(entry));
  return [box];
}

function entry({ label, element }, index) {
  const line = Object.assign(document.createElement("div"), { className: "palette-entry", id: `palette-action-${index}`, tabIndex: -1 });
  line.setAttribute("role", "option");
  const icon = element.querySelector("svg.icon")?.cloneNode(true);
  icon?.removeAttribute("aria-label");
  icon?.setAttribute("aria-hidden", "true");
  const words = Object.assign(document.createElement("span"), { textContent: label });
  const key = element.dataset.keyPress ?? (element.dataset.go && `g ${element.dataset.go}`);
  line.append(...(icon ? [icon] : []), words, ...(key ? [Object.assign(document.createElement("kbd"), { textContent: key })] : []));
  line.press = element;
  return line;
}

function draw() {
  const words = field.value.trim();
  const parts = document.createElement("template");
  parts.innerHTML = served;
  const own = group(actions(words));
  list.replaceChildren(...(words ? [...own, parts.content] : [parts.content, ...own]));
  if (!list.querySelector('[role="option"]')) list.append(Object.assign(document.createElement("p"), { className: "palette-none", textContent: dialog.dataset.none }));
  choose(options()[0]);
}

const options = () => [...list.querySelectorAll('[role="option"]')];
const chosen = () => list.querySelector('[aria-selected="true"]');

function choose(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

async function ask() {
  asked?.abort();
  asked = new AbortController();
  const ticket = document.getElementById("conversation")?.dataset.key ?? "";
  const query = new URLSearchParams({ q: field.value.trim(), ...(ticket && { ticket }) });
  try {
    const answer = await fetch(`${dialog.dataset.url}?${query}`, { signal: asked.signal, headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    served = await answer.text();
    draw();
  } catch (error) {
    if (error.name !== "AbortError") served = "";
  }
}

function take(option, apart) {
  if (!option) return;
  const { href } = option;
  if (apart && href) {
    window.open(href, "_blank", "noopener");
    return;
  }
  dialog.close();
  if (option.press) press(option.press);
  else go(option, href);
}

// Where the page has the place for it, without a new page.
function go(option, href) {
  const into = option.dataset.into;
  if (!into || !window.htmx || !document.querySelector(into)) location.assign(href);
  else {
    if (into === "#conversation") window.history.pushState({ htmx: true }, "", href);
    window.htmx.ajax("GET", new URL(href).pathname, { target: into, swap: "outerHTML show:none" });
    if (into === "#conversation") document.dispatchEvent(new CustomEvent("htmx:pushedIntoHistory", { detail: { path: new URL(href).pathname } }));
  }
}

function steer(event) {
  if (composing(event)) return;
  const all = options();
  const here = all.indexOf(chosen());
  const to = { ArrowDown: all[here + 1] ?? all[0], ArrowUp: all[here - 1] ?? all.at(-1), PageDown: all.at(-1), PageUp: all[0] }[event.key];
  if (to) choose(to);
  else if (event.key === "Enter") take(chosen(), event.ctrlKey || event.metaKey);
  else return;
  event.preventDefault();
}

if (dialog) {
  dialog.addEventListener("opening", () => {
    field.value = "";
    served = "";
    draw();
    ask();
  });
  dialog.addEventListener("close", () => {
    clearTimeout(timer);
    asked?.abort();
  });
  dialog.addEventListener("keydown", steer);
  field.addEventListener("input", () => {
    draw();
    clearTimeout(timer);
    timer = setTimeout(ask, 90);
  });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option && option !== chosen()) choose(option);
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (!option) return;
    event.preventDefault();
    take(option, event.ctrlKey || event.metaKey);
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "k" || composing(event)) return;
    event.preventDefault();
    if (dialog.open) dialog.close();
    else open("palette");
  });
}
