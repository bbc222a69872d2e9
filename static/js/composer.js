// The composer: tabs, highlights behind the text, macros put where the cursor is, holes that block sending.
import { keep, keepMacro } from "./drafts.js";

const HOLE = /〔[a-z_]+\.[a-z_]+〕/g;
const composer = () => document.getElementById("composer");
const text = () => document.querySelector("#reply-form .text");

export function show(mode) {
  const box = composer();
  if (!box) return;
  box.dataset.mode = mode;
  for (const tab of box.querySelectorAll('[role="tab"]')) tab.setAttribute("aria-selected", String(tab.dataset.mode === mode));
  for (const panel of box.querySelectorAll(".composer-panel")) panel.hidden = panel.id !== `panel-${mode}`;
  box.querySelector(`#${mode}-form .text`).focus();
}

function paint() {
  const area = text();
  const behind = area?.previousElementSibling;
  if (!behind) return;
  const known = JSON.parse(document.getElementById("draft")?.dataset.known || "[]");
  const words = [HOLE.source, ...known.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))];
  behind.replaceChildren(...marked(area.value, new RegExp(words.join("|"), "g")), "\n");
  behind.scrollTop = area.scrollTop;
  const holes = area.value.match(HOLE) || [];
  for (const button of document.querySelectorAll("[data-send]:not(#note-form *)")) button.disabled = holes.length > 0;
  for (const hole of document.querySelectorAll("[data-hole]")) hole.hidden = !holes.includes(hole.dataset.hole);
  const missing = document.querySelector("#draft .missing");
  if (missing) missing.hidden = holes.length === 0;
}

function marked(value, pattern) {
  const parts = [];
  let place = 0;
  for (const match of value.matchAll(pattern)) {
    const mark = document.createElement("mark");
    mark.textContent = match[0];
    if (match[0].startsWith("〔")) mark.className = "missing-mark";
    parts.push(value.slice(place, match.index), mark);
    place = match.index + match[0].length;
  }
  return [...parts, value.slice(place)];
}

function insertDraft() {
  const draft = document.getElementById("draft-text");
  const area = text();
  if (!draft || !area) return;
  show("reply");
  if (area.value.trim()) area.setRangeText(draft.value, area.selectionStart, area.selectionEnd, "end");
  else area.value = draft.value;
  draft.remove();
  keepMacro();
  document.getElementById("macro-menu").open = false;
  keep(area);
  toHole(document.querySelector("[data-hole]")?.dataset.hole);
  paint();
}

function toHole(hole) {
  const area = text();
  area.focus();
  const at = hole ? area.value.indexOf(hole) : -1;
  if (at >= 0) area.setSelectionRange(at, at + hole.length);
}

export function openMacros() {
  const menu = document.getElementById("macro-menu");
  if (!menu) return;
  show("reply");
  menu.open = true;
  menu.querySelector("input").focus();
}

function nameFiles(input) {
  const names = [...input.files].map((file) => Object.assign(document.createElement("span"), { textContent: file.name }));
  input.closest("form").querySelector(".chosen-files").replaceChildren(...names);
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest?.('#composer [role="tab"]');
  if (tab) {
    event.preventDefault();
    show(tab.dataset.mode);
  }
  const chip = event.target.closest?.("[data-remove-chip]");
  if (chip) chip.closest("li").remove();
  const hole = event.target.closest?.("[data-hole]");
  if (hole) toHole(hole.dataset.hole);
});
document.addEventListener("input", (event) => {
  if (event.target.matches?.("#reply-form .text")) paint();
  if (event.target.matches?.("[data-filter]")) narrow(event.target);
});
document.addEventListener("scroll", (event) => {
  if (event.target === text()) event.target.previousElementSibling.scrollTop = event.target.scrollTop;
}, true);
document.addEventListener("change", (event) => {
  if (event.target.matches?.("#composer input[type=file]")) nameFiles(event.target);
});
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("#macro-menu, .tag-menu") && event.target.open) event.target.querySelector("input").focus();
}, true);
document.addEventListener("keydown", (event) => {
  if (event.target.matches?.(".macro-menu *, .tag-menu *") && ["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) choose(event);
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (["draft", "conversation", "composer"].includes(event.target.id)) {
    insertDraft();
    paint();
  }
});
for (const name of ["dragover", "dragleave", "drop"]) document.addEventListener(name, drop);

function drop(event) {
  const form = event.target.closest?.(".composer-form");
  if (!form || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  form.classList.toggle("dropping", event.type === "dragover");
  if (event.type !== "drop") return;
  const input = form.querySelector("input[type=file]");
  input.files = event.dataTransfer.files;
  nameFiles(input);
}

// The list of macros follows the typing a moment later: Enter waits for the one that was meant.
let shown = "";
let taking = false;
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "macro-found") return;
  const field = document.querySelector(".macro-search");
  shown = event.detail.requestConfig.formData.get("q") ?? "";
  if (!taking || shown !== field.value) return;
  taking = false;
  document.querySelector("#macro-found a")?.click();
});

// Arrows walk through a menu's choices; Enter in its field takes the first one.
function choose(event) {
  const menu = event.target.closest("details");
  const choices = [...menu.querySelectorAll(".macro-found a, .tag-choices button:not([hidden])")];
  const here = choices.indexOf(document.activeElement);
  if (event.key === "Enter") {
    if (event.target.matches(".macro-search") && event.target.value !== shown) {
      event.preventDefault();
      taking = true;
      return;
    }
    if (here >= 0 || !choices.length || (event.target.matches("[data-filter]") && !matches(event.target, choices))) return;
    event.preventDefault();
    choices[0].click();
    return;
  }
  event.preventDefault();
  (choices[here + (event.key === "ArrowDown" ? 1 : -1)] || menu.querySelector("input")).focus();
}

const matches = (field, choices) => choices.some((one) => one.textContent.toLowerCase().startsWith(field.value.trim().toLowerCase()));

function narrow(field) {
  const words = field.value.trim().toLowerCase();
  for (const choice of document.querySelectorAll(`${field.dataset.filter} button`)) {
    choice.hidden = !`${choice.textContent} ${choice.value}`.toLowerCase().includes(words);
  }
}
paint();
