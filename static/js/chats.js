// The agent's chats side by side. The bar above renews itself; columns come and go with its tabs, and each renews what
// was said in it alone, so that no word in a composer is ever touched.
import "./head.js";
import { Column } from "./chats-column.js";
import { badge, ring } from "./live-signal.js";

const page = document.getElementById("chats");
const words = JSON.parse(page.dataset.words);
const place = () => document.getElementById("chat-columns");
const tabs = () => [...document.querySelectorAll("[data-chat-tab]")];
const columns = new Map();
const fetching = new Set();
let wanted = location.hash.replace("#chat-", ""); // the chat to go to as soon as it stands

function mount(root) {
  const column = new Column(root, { agent: page.dataset.agent, words });
  columns.set(root.dataset.key, column);
  column.mark();
  return column;
}

// As many columns as tabs, in their order; one with words that were not sent stays.
function arrange() {
  const keys = tabs().map((tab) => tab.dataset.chatTab);
  for (const key of keys) if (!columns.has(key)) bring(key);
  for (const [key, column] of columns) {
    const stays = keys.includes(key);
    if (!stays && !column.begun) remove(key);
    else if (!stays) column.root.querySelector(".chat-state").textContent = words.over;
  }
  page.dataset.count = String(columns.size);
  choose(current());
  badge();
}

async function bring(key) {
  if (fetching.has(key)) return;
  fetching.add(key);
  try {
    const answer = await fetch(`/chats/${key}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || columns.has(key)) return;
    const made = document.createRange().createContextualFragment(await answer.text()).firstElementChild;
    place().insertBefore(made, after(key));
    window.htmx.process(made);
    const column = mount(made);
    announce(column);
  } catch {
    setTimeout(arrange, 5_000);
  } finally {
    fetching.delete(key);
  }
  page.dataset.count = String(columns.size);
  choose(current());
}

// The column that follows it in the order of the tabs.
function after(key) {
  const keys = tabs().map((tab) => tab.dataset.chatTab);
  const next = keys.slice(keys.indexOf(key) + 1).find((one) => columns.has(one));
  return next ? columns.get(next).root : place().querySelector(".chats-empty");
}

function announce(column) {
  if (wanted === column.key) go(column.key);
  else ring(column.key);
  document.getElementById("live").textContent = words.arrived.replace("{name}", column.name);
}

// The focus that was in it goes nowhere near another visitor's answer.
function remove(key) {
  const { root } = columns.get(key);
  const within = root.contains(document.activeElement);
  root.remove();
  if (within) document.getElementById("main").focus({ preventScroll: true });
  columns.delete(key);
}

const current = () => document.querySelector(".chat.is-current")?.dataset.key ?? columns.keys().next().value;

// On a phone it alone is shown; its tab says so everywhere.
let chosen = "";
function choose(key) {
  for (const column of columns.values()) column.root.classList.toggle("is-current", column.key === key);
  for (const tab of tabs()) {
    if (tab.dataset.chatTab === key) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
    if (tab.dataset.chatTab === key && key !== chosen) tab.scrollIntoView({ inline: "nearest", block: "nearest" });
  }
  chosen = key;
}

function go(key) {
  wanted = columns.has(key) ? "" : key;
  if (wanted) return;
  choose(key);
  columns.get(key).focus();
  columns.get(key).toEnd();
}

function step(by) {
  const keys = tabs().map((tab) => tab.dataset.chatTab).filter((key) => columns.has(key));
  if (keys.length) go(keys[(keys.indexOf(current()) + by + keys.length) % keys.length]);
}

// Alt and a digit anywhere; Ctrl and an arrow where they move no cursor.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (digit && event.altKey && !event.ctrlKey && !event.metaKey) {
    const tab = tabs()[Number(digit) - 1];
    if (tab) go(tab.dataset.chatTab);
  } else if (way && event.ctrlKey && !event.altKey && !event.shiftKey && !event.target.value) step(way);
  else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  const tab = event.target.closest?.("[data-chat-tab]");
  if (!tab || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  go(tab.dataset.chatTab);
});
document.addEventListener("focusin", ({ target }) => {
  const root = target.closest?.(".chat");
  if (root) choose(root.dataset.key);
});
document.addEventListener("go-to-chat", ({ detail }) => go(detail.key));
document.body.addEventListener("chats-changed", ({ detail }) => {
  if (detail.at) go(detail.at);
});
for (const done of ["phrases-changed", "dialog-done"]) document.body.addEventListener(done, () => document.getElementById("ticket-dialog").close());
for (const swapped of ["htmx:afterSwap", "htmx:oobAfterSwap"]) {
  document.addEventListener(swapped, (event) => {
    const { target } = event.detail;
    if (target?.id === "chats-bar") arrange();
    else if (target?.id?.startsWith("talk-")) said(columns.get(target.id.slice(5)));
    else if (target?.id?.startsWith("visitor-")) columns.get(target.dataset.visitor)?.mark();
  });
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 304) detail.shouldSwap = false; // it carries nothing to show
});

// Something was added; it is heard where nobody is just answering.
function said(column) {
  if (!column) return;
  const last = column.messages.querySelector(".say:last-of-type");
  const theirs = last?.matches(".say-theirs") && last.id !== column.heard;
  column.heard = last?.id;
  column.renewed();
  if (!theirs) return;
  if (!column.root.contains(document.activeElement)) ring(column.key);
  document.getElementById("live").textContent = `${column.name}: ${last.textContent.trim().slice(0, 200)}`;
}

const push = (leaving) => columns.forEach((column) => Object.values(column.drafts).forEach((one) => one.push({ leaving })));
window.addEventListener("pagehide", () => push(true));
document.addEventListener("visibilitychange", () => document.hidden && push(true));
window.addEventListener("online", () => push(false));

// How long somebody waits, by the second while it is minutes.
function clocks() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const seconds = Math.max(0, Math.round((Date.now() - Date.parse(clock.dataset.clock)) / 1000));
    if (seconds >= 3600) continue;
    const shown = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (clock.textContent !== shown) clock.textContent = shown;
  }
}

for (const root of document.querySelectorAll(".chat")) mount(root);
for (const column of columns.values()) column.heard = column.messages.querySelector(".say:last-of-type")?.id;
page.dataset.count = String(columns.size);
page.dataset.ready = "1";
choose(current());
if (wanted) go(wanted);
setInterval(clocks, 1000);
clocks();
badge();
