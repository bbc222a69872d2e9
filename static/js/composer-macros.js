// Macros: the menu with its search and preview, the text put where the cursor is, and what it will do on sending.
import { area, box, changed, find, focus, insert, mode, onEmptyLine } from "./editor.js";
import { paint } from "./composer-marks.js";

const menu = () => document.getElementById("macro-menu");
const draft = () => document.getElementById("draft");
let ticked = null; // which actions a restored draft had

export function read() {
  const key = draft()?.querySelector('[name="macro"]')?.value;
  if (!key) return "";
  const version = draft().querySelector('[name="macro_version"]').value;
  return { key, version, actions: [...draft().querySelectorAll('[name="action"]:checked')].map((one) => one.value) };
}

// The macro is kept by its key: what it does on sending comes again from the server.
export function write(macro) {
  const key = macro?.key ?? macro;
  if (!key) {
    if (draft()?.querySelector('[name="macro"]')) draft().replaceChildren();
    return;
  }
  if (read()?.key === key) return;
  ticked = Array.isArray(macro.actions) ? macro.actions : null;
  window.htmx?.ajax("GET", `/tickets/${box().dataset.key}/macros/${key}?again=1`, { target: "#draft", swap: "outerHTML" });
}

export function open() {
  if (!menu()) return;
  document.dispatchEvent(new CustomEvent("composer-show", { detail: { mode: "reply" } }));
  menu().open = true;
  menu().querySelector("input").focus();
}

function put() {
  const text = document.getElementById("draft-text");
  if (text) {
    document.dispatchEvent(new CustomEvent("composer-show", { detail: { mode: "reply" } }));
    menu().open = false;
    const words = text.value;
    text.remove();
    insert("reply", words);
    const hole = document.querySelector("[data-hole]")?.dataset.hole;
    if (hole) find(hole);
    else focus("reply");
  } else if (ticked) {
    for (const one of draft().querySelectorAll('[name="action"]')) one.checked = ticked.includes(one.value);
  }
  ticked = null;
  paint();
}

// What was looked for last time is there, to be taken up or typed over.
function search(field) {
  field.focus();
  field.select();
}

function preview(link) {
  for (const one of menu().querySelectorAll(".macro-found a.is-shown")) one.classList.remove("is-shown");
  link.classList.add("is-shown");
  const side = document.getElementById("macro-preview");
  if (side.dataset.macro === link.pathname || !side.checkVisibility()) return;
  side.dataset.macro = link.pathname;
  const language = menu().querySelector('[name="tongue"]:checked')?.value ?? "";
  window.htmx.ajax("GET", `${link.pathname}?preview=1&tongue=${language}`, { target: "#macro-preview", swap: "innerHTML" });
}

// The list of macros follows the typing a moment later: Enter waits for the one that was meant.
let listed = "";
let taking = false;

function choose(event) {
  const choices = [...menu().querySelectorAll(".macro-found a")];
  const here = choices.indexOf(document.activeElement);
  const search = event.target.matches(".macro-search");
  if (event.key === "/" && search && !event.target.value) return literal(event);
  if (event.key === "Escape") return back(event);
  if (event.key === "Enter") {
    if (!search || (event.target.value === listed && !choices.length)) return undefined;
    event.preventDefault();
    if (event.target.value === listed) choices[0].click();
    else taking = true;
    return undefined;
  }
  if (!["ArrowDown", "ArrowUp"].includes(event.key)) return undefined;
  event.preventDefault();
  return (choices[here + (event.key === "ArrowDown" ? 1 : -1)] || menu().querySelector(".macro-search")).focus();
}

// A second slash means a slash.
function literal(event) {
  event.preventDefault();
  menu().open = false;
  focus("reply");
  insertSlash();
}

function insertSlash() {
  document.execCommand("insertText", false, "/");
}

function back(event) {
  event.preventDefault();
  event.stopPropagation();
  menu().open = false;
  focus("reply");
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.target.closest?.("#macro-menu[open]")) return void choose(event);
  const typing = event.target === area() || event.target.matches?.("#reply-form .rich");
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && typing && onEmptyLine("reply")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    open();
  }
}, true);
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("#macro-menu .macro-found a")) preview(event.target);
});
document.addEventListener("mouseover", (event) => {
  const link = event.target.closest?.("#macro-menu .macro-found a");
  if (link) preview(link);
});
document.addEventListener("toggle", (event) => {
  if (event.target.id === "macro-menu" && event.target.open) search(event.target.querySelector(".macro-search"));
}, true);
document.addEventListener("change", (event) => {
  if (!event.target.matches?.('#macro-menu [name="tongue"]')) return;
  delete document.getElementById("macro-preview").dataset.macro;
  const link = menu().querySelector(".macro-found a.is-shown") || menu().querySelector(".macro-found a");
  if (link) preview(link);
  menu().querySelector(".macro-search").focus();
});
document.addEventListener("htmx:configRequest", (event) => {
  const language = menu()?.querySelector('[name="tongue"]:checked')?.value;
  if (language && event.target.closest?.("#macro-menu .macro-found a")) event.detail.parameters.tongue = language;
});
document.addEventListener("click", (event) => {
  const chip = event.target.closest?.("[data-remove-chip]");
  const hole = event.target.closest?.("[data-hole]");
  if (hole) find(hole.dataset.hole);
  if (!chip) return;
  chip.closest("li").remove();
  changed();
});
document.addEventListener("change", (event) => {
  if (event.target.matches?.('#draft [name="action"]')) changed();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "draft" || event.target.id === "draft") put();
  if (event.detail.target?.id !== "macro-found") return;
  listed = event.detail.requestConfig.formData.get("words") ?? "";
  const first = menu().querySelector(".macro-found a");
  if (first && mode() === "reply") preview(first);
  if (!taking || listed !== menu().querySelector(".macro-search").value) return;
  taking = false;
  first?.click();
});
