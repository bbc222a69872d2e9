// One way to the words of the composer, whether they stand in the plain textarea or in the formatted one.
// The textarea always holds the plain words; `composer-input` is dispatched whenever they change.
import { notify } from "./notices.js";
import { hasFormat, toHtml, toText } from "./editor-text.js";

const REMEMBERED = "composer:formatted";
let rich = null;
let loading = null;
let given = { text: null, html: "" }; // the formatting that was left, for coming back to the same words

export const box = () => document.getElementById("composer");
export const form = (mode) => document.getElementById(`${mode}-form`);
export const area = (mode = "reply") => form(mode)?.querySelector(".text");
export const words = () => JSON.parse(box().dataset.words);
export const mode = () => box().dataset.mode;
export const formatted = () => Boolean(rich?.root.isConnected);
export const root = () => (formatted() ? rich.root : null);

export function changed(which = "reply") {
  document.dispatchEvent(new CustomEvent("composer-input", { detail: { mode: which } }));
}

export function read(which) {
  const text = area(which)?.value ?? "";
  return { text, html: which === "reply" && losesFormat() ? rich.html() : "" };
}

// Puts a draft in; one with formatting opens the formatted editor first.
export async function write(which, { text = "", html = "" }) {
  const field = area(which);
  if (!field) return;
  field.value = text;
  if (which !== "reply") return;
  if (html && !formatted()) await format(html);
  else if (formatted()) rich.write(html || toHtml(text));
  hidden().value = losesFormat() ? rich.html() : "";
}

export function insert(which, text) {
  if (which === "reply" && formatted()) {
    if (area().value.trim()) rich.insertText(text);
    else rich.write(toHtml(text));
    return taken();
  }
  const field = area(which);
  if (field.value.trim()) field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  else field.value = text;
  return changed(which);
}

// Formatted words keep their format where there is room for it; elsewhere they are said in plain ones.
export function insertFormatted(html, text) {
  if (!formatted()) return insert("reply", text);
  if (area().value.trim()) rich.insertHtml(html);
  else rich.write(html);
  return taken();
}

export function insertImage(url, name) {
  rich.insertImage(url, name);
  taken();
}

export function focus(which = mode()) {
  if (which === "reply" && formatted()) rich.focus();
  else area(which)?.focus();
}

// Selects the first place where these words stand.
export function find(sought) {
  focus("reply");
  if (!formatted()) {
    const at = area().value.indexOf(sought);
    if (at >= 0) area().setSelectionRange(at, at + sought.length);
    return;
  }
  const [range] = rangesOf(sought);
  if (range) rich.select(range);
}

export function rangesOf(sought) {
  const found = [];
  const walker = document.createTreeWalker(rich.root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let at = node.data.indexOf(sought); at >= 0; at = node.data.indexOf(sought, at + sought.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + sought.length);
      found.push(range);
    }
  }
  return found;
}

// Whether the cursor stands on a line without words, where / opens the macros.
export function onEmptyLine(which) {
  if (which === "reply" && formatted()) {
    const range = rich.range();
    let block = range.startContainer;
    while (block !== rich.root && !["DIV", "P", "LI"].includes(block.nodeName)) block = block.parentNode;
    return range.collapsed && (block === rich.root ? !area().value.trim() : !block.textContent.replace(/\u200b/g, "").trim());
  }
  const { value, selectionStart: at, selectionEnd } = area(which);
  return at === selectionEnd && (at === 0 || value[at - 1] === "\n") && (at === value.length || value[at] === "\n");
}

// Asked for as soon as there is a composer, so that it is there when the connection is not.
export function load() {
  loading ??= import("./editor-rich.js").catch(() => {
    loading = null;
    return {};
  });
  return loading;
}

export async function format(html = "") {
  if (formatted()) return;
  const { open } = await load();
  if (!open || formatted() || !box()) return;
  const field = area();
  const place = form("reply").querySelector(".rich");
  rich?.close();
  rich = open(place, taken, show);
  rich.write(html || (given.text === field.value && given.html) || toHtml(field.value));
  const had = document.activeElement === field;
  reveal(true);
  rich.toEnd();
  if (had) rich.focus();
  hidden().value = losesFormat() ? rich.html() : "";
  changed();
}

export function unformat() {
  if (!formatted()) return;
  if (losesFormat()) notify(words().formatGone, "info", { label: words().undo, seconds: 10, run: () => format() });
  const field = area();
  const had = rich.root.contains(document.activeElement);
  given = { text: rich.text(), html: rich.html() };
  field.value = given.text;
  hidden().value = "";
  rich.close();
  rich = null;
  reveal(false);
  if (had) field.focus();
  changed();
}

export function remember(on) {
  localStorage.setItem(REMEMBERED, on ? "1" : "");
}

export const wantsFormat = () => localStorage.getItem(REMEMBERED) === "1";
export const losesFormat = () => formatted() && hasFormat(rich.root);

const hidden = () => form("reply").elements.html;

// What was typed in the formatted editor is at once also in the textarea.
function taken() {
  const text = toText(rich.root);
  area().value = text;
  hidden().value = losesFormat() ? rich.html() : "";
  rich.root.classList.toggle("is-empty", !text && !hasFormat(rich.root));
  changed();
}

function reveal(on) {
  const place = form("reply");
  place.classList.toggle("is-rich", on);
  area().hidden = on;
  place.querySelector(".rich").hidden = !on;
  place.querySelector(".rich").classList.toggle("is-empty", !area().value);
  place.querySelector(".toolbar").hidden = !on;
  place.querySelector(".backdrop").hidden = on;
  place.querySelector("[data-format-toggle]").setAttribute("aria-pressed", String(on));
}

function show(state) {
  for (const [name, on] of Object.entries(state)) {
    box().querySelector(`.toolbar [data-command="${name}"]`)?.setAttribute("aria-pressed", String(on));
  }
}

function command(name) {
  if (name === "link") return askLink();
  rich.run(name);
  return undefined;
}

function askLink() {
  if (rich.linked()) return rich.run("unlink");
  const range = rich.range();
  const row = box().querySelector(".link-row");
  row.hidden = false;
  const field = row.querySelector("input");
  field.value = /^https?:/.test(range.toString()) ? range.toString() : "";
  field.focus();
  row.answer = (url) => {
    row.hidden = true;
    rich.select(range);
    rich.focus();
    if (url) rich.link(/^(https?:|mailto:|tel:)/i.test(url) ? url : `https://${url}`);
  };
  return undefined;
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("#reply-form textarea.text")) changed("reply");
  if (event.target.matches?.("#note-form textarea.text")) changed("note");
});
document.addEventListener("mousedown", (event) => {
  if (event.target.closest?.(".toolbar [data-command]")) event.preventDefault(); // the selection stays in the text
});
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.(".toolbar [data-command]");
  if (button && formatted()) command(button.dataset.command);
  if (!event.target.closest?.("[data-format-toggle]")) return;
  const on = !formatted();
  remember(on);
  if (on) await format();
  else unformat();
  focus("reply");
});
document.addEventListener("keydown", async (event) => {
  if (event.isComposing) return;
  if (event.target.matches?.(".link-row input") && ["Enter", "Escape"].includes(event.key)) {
    event.preventDefault();
    event.stopPropagation();
    event.target.closest(".link-row").answer(event.key === "Enter" ? event.target.value.trim() : "");
  }
  const bold = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && ["b", "i"].includes(event.key);
  if (bold && event.target === area()) {
    event.preventDefault();
    await format();
    rich?.run(event.key === "b" ? "bold" : "italic");
  }
});
// Pictures are taken as they are: the handles of the editor would need styles that no page of ours allows.
document.addEventListener("click", (event) => {
  if (event.target.nodeName === "IMG" && event.target.closest(".rich")) event.stopImmediatePropagation();
}, true);

