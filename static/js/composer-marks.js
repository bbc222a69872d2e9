// Behind the words: what a macro knew, and the holes it left. A hole blocks sending.
import { area, form, formatted, rangesOf } from "./editor.js";

const HOLE = /〔[a-z_]+\.[a-z_]+〕/g;
const known = () => JSON.parse(document.getElementById("draft")?.dataset.known || "[]");

export function paint() {
  const field = area();
  if (!field) return;
  const holes = [...new Set(field.value.match(HOLE) || [])];
  if (formatted()) highlight(holes);
  else backdrop(field);
  block(holes);
}

function block(holes) {
  for (const button of form("reply").querySelectorAll("[data-send], [data-then], [data-schedule]")) button.disabled = holes.length > 0;
  for (const hole of document.querySelectorAll("[data-hole]")) hole.hidden = !holes.includes(hole.dataset.hole);
  const missing = document.querySelector("#draft .missing");
  if (missing) missing.hidden = holes.length === 0;
}

function backdrop(field) {
  const behind = form("reply").querySelector(".backdrop");
  const words = [HOLE.source, ...known().map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))];
  behind.replaceChildren(...marked(field.value, new RegExp(words.join("|"), "g")), "\n");
  behind.scrollTop = field.scrollTop;
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

// Ranges colour the formatted text without touching it, so that typing, undo and conversion of kana go on undisturbed.
function highlight(holes) {
  if (!window.CSS?.highlights) return;
  CSS.highlights.set("macro-fact", new Highlight(...known().flatMap(rangesOf)));
  CSS.highlights.set("macro-hole", new Highlight(...holes.flatMap(rangesOf)));
}

document.addEventListener("composer-input", (event) => {
  if (event.detail.mode === "reply") paint();
});
document.addEventListener("scroll", (event) => {
  if (event.target === area()) form("reply").querySelector(".backdrop").scrollTop = event.target.scrollTop;
}, true);
