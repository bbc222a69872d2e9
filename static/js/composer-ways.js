// By which way an answer goes: the server says what may be written there until when, and which other ways there are.
import { area, box, changed, form, words } from "./editor.js";
import * as along from "./composer-along.js";
import { measure } from "./composer-length.js";
import { shown } from "./composer-window.js";
import { released } from "./pressed.js";

let wanted = blank();
let asked = 0; // the newest question alone is answered
let listening = "";
let due = false; // what is wanted does not stand on the page yet
let under = Promise.resolve(); // the newest question on its way

function blank() {
  return { via: "", template: null, card: "", offers: [] };
}

const place = () => document.getElementById("ways");
const facts = () => place()?.querySelector(".ways-in");
const picked = () => facts()?.querySelector("[name=template]");

// The way that was chosen, from the click on.
const via = () => (due ? null : form("reply")?.elements.via?.value) ?? wanted.via;

// What a draft keeps of it; nothing where it is as it would be by itself.
export function read() {
  const found = { via: via(), template: template(), card: along.card(), offers: along.offers() };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value && value.length !== 0));
}

function template() {
  const select = picked();
  if (!select) return null;
  const inputs = [...facts().querySelectorAll("[name=parameter]")];
  const touched = "touched" in facts().dataset;
  return touched ? { key: select.value, values: inputs.map((one) => one.value) } : null;
}

export async function write(said) {
  wanted = { ...blank(), via: said.via || "", template: said.template || null, card: said.card || "", offers: said.offers || [] };
  due = true;
  along.clear();
  await load();
}

// The first thing that keeps an answer from leaving this way, in words; "" when nothing does.
export function problem() {
  const inside = facts();
  if (!inside || box().dataset.kind === "forward") return "";
  if (inside.dataset.mode === "closed") return inside.dataset.why;
  if (inside.dataset.mode !== "template") return "";
  if (!picked()) return words().noTemplate;
  return [...inside.querySelectorAll("[name=parameter]")].some((one) => !one.value.trim()) ? words().openPlace : "";
}

// Nothing that was chosen is still on its way: what is sent now goes as the page says.
export async function settled() {
  for (let before = null; before !== under;) {
    before = under;
    await before;
  }
}

function load() {
  under = ask();
  return under;
}

async function ask() {
  const key = box()?.dataset.key;
  if (!key || !place()) return;
  asked += 1;
  const mine = asked;
  const query = new URLSearchParams({ via: wanted.via, template: wanted.template?.key ?? "" });
  try {
    const answer = await fetch(`/tickets/${key}/ways?${query}`, { headers: { "HX-Request": "true" } });
    if (answer.status !== 200 || mine !== asked || box()?.dataset.key !== key) return;
    const html = await answer.text();
    await released();
    if (mine === asked && box()?.dataset.key === key) put(html, new Date(answer.headers.get("date")) - Date.now());
  } catch {
    // offline: the server decides when it is sent
  }
}

// While nothing changed but the time, what stands here stays: somebody may be filling it in.
function put(html, ahead) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".ways-in");
  const now = facts();
  const same = now && fresh.dataset.mark === now.dataset.mark && (picked()?.value ?? "") === (fresh.querySelector("[name=template]")?.value ?? "");
  if (!same) {
    place().replaceChildren(document.adoptNode(fresh));
    refill();
  }
  show(ahead);
  due = false;
}

function refill() {
  const values = wanted.template?.key === picked()?.value ? wanted.template?.values : null;
  if (values) {
    facts().querySelectorAll("[name=parameter]").forEach((one, at) => { one.value = values[at] ?? ""; });
    facts().dataset.touched = "1";
  }
  preview();
}

function show(ahead) {
  const { kind, mode } = facts().dataset;
  const own = "own" in facts().dataset;
  const several = facts().querySelector(".ways-menu");
  const of = place().dataset.of;
  place().hidden = own && (of === "email" || (of === "chat" && !several));
  Object.assign(box().dataset, { way: kind, window: mode });
  box().toggleAttribute("data-addressed", own && of === "email");
  others(several);
  along.fit(facts().dataset, facts().querySelector(".card-of-order"), wanted);
  shown(place(), ahead, load);
  measure(facts().dataset);
}

// A mail keeps its address line: there the other ways stand below its kinds of answer.
function others(several) {
  const list = box().querySelector(".other-ways");
  const found = several && place().dataset.of === "email" ? [...several.querySelectorAll('[data-way]:not([data-way-own], [data-way-kind="email"])')] : [];
  const title = Object.assign(document.createElement("p"), { className: "menu-title", textContent: words().otherWay });
  list.replaceChildren(...(found.length ? [title] : []), ...found.map((one) => one.cloneNode(true)));
}

function preview() {
  const line = facts()?.querySelector(".template-preview");
  if (!line) return;
  const values = Object.fromEntries([...facts().querySelectorAll("[name=parameter]")].map((one) => [one.dataset.place, one.value.trim() || one.placeholder]));
  const body = line.dataset.body.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name) => values[name] ?? whole);
  line.textContent = [line.dataset.header, body, line.dataset.footer].filter(Boolean).join("\n\n");
}

function choose(button) {
  button.closest("details")?.removeAttribute("open");
  if (button.getAttribute("aria-disabled") === "true") return;
  wanted = { ...standing(), via: "wayOwn" in button.dataset ? "" : button.dataset.way };
  due = true;
  load().then(() => {
    changed("reply");
    (picked() ?? area("reply")).focus();
  });
}

const standing = () => ({ ...blank(), via: via(), card: along.card(), offers: along.offers() });

function listen() {
  const name = box()?.dataset.key ? `ticket-${box().dataset.key}` : "";
  if (name === listening) return;
  if (listening) document.body.removeEventListener(listening, again);
  listening = name;
  if (name) document.body.addEventListener(name, again);
}

// The customer may have written: then the time begins anew.
function again() {
  if (!facts()) return;
  if (!due) wanted = { ...standing(), template: template() ?? (picked() ? { key: picked().value } : null) };
  load();
}

document.addEventListener("composer-fresh", () => {
  wanted = blank();
  due = false;
  along.clear();
  listen();
  load();
});
document.addEventListener("click", (event) => {
  const way = event.target.closest?.("#composer [data-way]");
  if (way && way.matches("button")) choose(way);
});
document.addEventListener("input", (event) => {
  if (!event.target.matches?.(".template-pick [name=parameter]")) return;
  facts().dataset.touched = "1";
  preview();
  changed("reply");
});
document.addEventListener("change", (event) => {
  if (!event.target.matches?.(".template-pick [name=template]")) return;
  wanted = { ...standing(), template: { key: event.target.value } };
  due = true;
  delete facts().dataset.mark;
  load();
});
document.addEventListener("composer-input", (event) => {
  if (event.detail.mode === "reply" && facts()) measure(facts().dataset);
});
