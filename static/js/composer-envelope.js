// Whom an answer goes to and what it is: reply, reply to all, forward. What the agent did not touch is the server's choice.
import { box, changed, focus, form, words } from "./editor.js";

const ADDRESS = /^[^\s@<>"(),;:]+@[^\s@<>"(),;:]+\.[^\s@<>"(),;:.]+$/;
const LISTS = ["to", "cc", "bcc"];
let known = null; // what the server says of this ticket
let chosen = blank();
let wanted = null; // a draft that came before that

function blank() {
  return { kind: "reply", to: [], cc: [], bcc: [], subject: "", without: [], touched: false };
}

export const kind = () => chosen.kind;
export const facts = () => known;
export const addressOf = (person) => (/<([^<>]+)>\s*$/.exec(person)?.[1] ?? person).trim();
const nameOf = (person) => person.replace(/\s*<[^<>]*>\s*$/, "").replace(/^"|"$/g, "") || addressOf(person);
const isValid = (person) => ADDRESS.test(addressOf(person));
const row = (list) => box().querySelector(`[data-people="${list}"]`);

export function read() {
  const { to, cc, bcc, subject, kind: is, without, touched } = chosen;
  const forwarded = is === "forward" ? known?.kinds.forward.forwarded ?? wanted?.forwarded ?? "" : "";
  const people = touched ? { to, cc, bcc } : { to: [], cc: [], bcc: [] };
  return { kind: is, ...people, subject: isOwnSubject() ? subject : "", forwarded, without };
}

export function write(said) {
  wanted = said;
  chosen = { ...blank(), kind: said.kind || "reply", subject: said.subject || "", without: said.without || [] };
  for (const list of LISTS) chosen[list] = [...(said[list] || [])];
  chosen.touched = LISTS.some((list) => chosen[list].length > 0);
  if (!chosen.touched) fill();
  draw();
}

export function become(is) {
  if (!box() || !["reply", "reply_all", "forward"].includes(is)) return;
  const extra = chosen.touched && is !== "forward" ? chosen : null;
  const subject = isOwnSubject() && chosen.kind !== "forward" && is !== "forward" ? chosen.subject : "";
  chosen = { ...blank(), kind: is, subject };
  fill();
  if (extra) for (const list of LISTS) for (const person of extra[list]) add(list, person);
  draw();
  changed();
}

// The first thing that keeps an answer from leaving, in words; "" when nothing does.
export function problem() {
  for (const list of LISTS) {
    const field = row(list).querySelector("input");
    if (field.value.trim()) commit(field);
  }
  const wrong = LISTS.flatMap((list) => chosen[list]).find((person) => !isValid(person));
  if (wrong) return words().noAddress.replace("{address}", wrong);
  const finds = box().dataset.kind === "reply" && !("addressed" in box().dataset); // a chat knows whom it answers
  if (known && !finds && !LISTS.some((list) => chosen[list].length)) return words().nobody;
  return "";
}

const isOwnSubject = () => Boolean(chosen.subject) && chosen.subject !== known?.kinds[chosen.kind]?.subject;

function fill() {
  const found = known?.kinds[chosen.kind];
  if (!found) return;
  for (const list of LISTS) chosen[list] = [...(found[list] || [])];
  chosen.subject ||= found.subject;
}

function add(list, person) {
  const there = LISTS.some((one) => chosen[one].some((other) => addressOf(other).toLowerCase() === addressOf(person).toLowerCase()));
  if (!there) chosen[list].push(person);
}

function draw() {
  const place = form("reply");
  box().dataset.kind = chosen.kind;
  place.elements.kind.value = chosen.kind;
  place.elements.forwarded.value = read().forwarded;
  const label = box().querySelector(`[data-kind-choice="${chosen.kind}"]`);
  box().querySelector(".kind-now").replaceChildren(...label.cloneNode(true).querySelectorAll("svg, span"));
  for (const one of box().querySelectorAll("[data-kind-choice]")) one.setAttribute("aria-current", String(one === label));
  for (const list of LISTS) drawList(list);
  const subject = place.elements.subject;
  if (subject !== document.activeElement) subject.value = chosen.subject;
  subject.closest(".subject-row").hidden = !(chosen.kind === "forward" || isOwnSubject() || subject.dataset.asked);
  drawForwarded();
  box().querySelector(".signature-text").textContent = known?.signature ?? "";
  box().querySelector(".signature").hidden = !known?.signature;
}

function drawList(list) {
  const place = row(list);
  const field = place.querySelector("input");
  place.hidden = list !== "to" && !chosen[list].length && !place.dataset.asked;
  const more = box().querySelector(`[data-ask="${list}"]`);
  if (more) more.hidden = !place.hidden;
  place.querySelector(".people").replaceChildren(...chosen[list].map((person) => chip(list, person)));
  field.placeholder = list === "to" && known && !chosen.to.length ? words().whom : "";
}

function chip(list, person) {
  const one = document.createElement("li");
  one.className = isValid(person) ? "person-chip" : "person-chip person-wrong";
  one.title = isValid(person) ? addressOf(person) : words().noAddress.replace("{address}", person);
  const name = Object.assign(document.createElement("span"), { textContent: nameOf(person) });
  const leave = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  leave.setAttribute("aria-label", words().remove.replace("{name}", addressOf(person)));
  leave.dataset.list = list;
  leave.dataset.person = person;
  const value = Object.assign(document.createElement("input"), { type: "hidden", name: list, value: person });
  one.append(name, leave, value);
  return one;
}

function drawForwarded() {
  const place = box().querySelector(".forwarded");
  const found = chosen.kind === "forward" ? known?.kinds.forward : null;
  place.hidden = !found?.forwarded;
  if (!found) return place.querySelector("ul").replaceChildren();
  place.querySelector(".forwarded-words").textContent = found.quote || "";
  const files = (found.files || []).map((file) => {
    const one = document.createElement("li");
    const label = document.createElement("label");
    const tick = Object.assign(document.createElement("input"), { type: "checkbox", checked: !chosen.without.includes(file.key) });
    tick.dataset.forwardedFile = file.key;
    label.append(tick, file.name);
    one.append(label);
    return one;
  });
  place.querySelector("ul").replaceChildren(...files, ...chosen.without.map(hiddenWithout));
  return undefined;
}

const hiddenWithout = (key) => Object.assign(document.createElement("input"), { type: "hidden", name: "without", value: key });

function touched() {
  chosen.touched = true;
  draw();
  changed();
}

function commit(field) {
  const list = field.closest("[data-people]").dataset.people;
  const given = field.value.split(/[,;、\n]+/).map((one) => one.trim()).filter(Boolean);
  field.value = "";
  for (const one of given) add(list, known?.people.find((person) => addressOf(person) === one || person === one) ?? one);
  if (given.length) touched();
}

async function load() {
  const key = box()?.dataset.key;
  known = null;
  if (!key) return;
  try {
    const answer = await fetch(`/tickets/${key}/composer`, { headers: { Accept: "application/json" } });
    if (!answer.ok || box()?.dataset.key !== key) return;
    const told = await answer.json();
    if (box()?.dataset.key !== key) return; // another ticket, or none, was opened meanwhile
    known = told;
  } catch {
    return; // offline: the server chooses as it would have
  }
  if (wanted && !chosen.touched) write(wanted);
  else if (!chosen.touched) fill();
  const options = known.people.map((person) => Object.assign(document.createElement("option"), { value: person }));
  box().querySelector("#people-known").replaceChildren(...options);
  draw();
  document.dispatchEvent(new CustomEvent("composer-facts", { detail: known }));
}

document.addEventListener("composer-fresh", () => {
  chosen = blank();
  wanted = null;
  draw();
  load();
});
document.addEventListener("click", (event) => {
  const choice = event.target.closest?.("[data-kind-choice]");
  if (choice) {
    become(choice.dataset.kindChoice);
    choice.closest("details").open = false;
    if (chosen.kind === "forward") row("to").querySelector("input").focus();
    else focus("reply");
  }
  const leave = event.target.closest?.(".person-chip button");
  if (leave) {
    chosen[leave.dataset.list] = chosen[leave.dataset.list].filter((one) => one !== leave.dataset.person);
    const field = row(leave.dataset.list).querySelector("input");
    touched();
    field.focus();
  }
  const asked = event.target.closest?.("[data-ask]");
  if (asked) ask(asked.dataset.ask);
});

function ask(what) {
  const field = what === "subject" ? form("reply").elements.subject : row(what).querySelector("input");
  (what === "subject" ? field : row(what)).dataset.asked = "1";
  draw();
  field.focus();
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-people] > input") || event.isComposing) return;
  const list = field.closest("[data-people]").dataset.people;
  if (["Enter", ",", ";"].includes(event.key) && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    if (field.value.trim()) commit(field);
    else if (event.key === "Enter") focus("reply");
  } else if (event.key === "Backspace" && !field.value && chosen[list].length) {
    chosen[list].pop();
    touched();
  }
});
document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.matches?.("[data-people] > input") && known?.people.includes(field.value)) commit(field);
  if (field.matches?.("#reply-form [name=subject]")) {
    chosen.subject = field.value.trim();
    changed();
  }
});
document.addEventListener("change", (event) => {
  const key = event.target.dataset?.forwardedFile;
  if (event.target.matches?.("[data-people] > input")) commit(event.target);
  if (!key) return;
  chosen.without = event.target.checked ? chosen.without.filter((one) => one !== key) : [...chosen.without, key];
  draw();
  changed();
});
