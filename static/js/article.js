// Writing an article: the formatted editor over the form's textarea, pictures sent at once, nothing lost by leaving.
import { notify } from "./notices.js";
import { open } from "./editor-rich.js";
import { toMail } from "./editor-text.js";

const ARTICLE = { tags: ["h3"], pictures: /^\/widget\/articles\/files\/[a-z0-9]+$/ };
const form = document.getElementById("article-form");
const field = form.elements.body;
const root = form.querySelector(".rich");
const toolbar = form.querySelector(".toolbar");
const chooser = form.querySelector("[data-pictures]");
const status = form.querySelector("[data-state]");
let changed = false;
let known = ""; // the editor speaks up also where nothing has changed

const rich = open(root, taken, show, ARTICLE);
rich.write(field.value);
known = toMail(root);
const begun = document.activeElement === field; // somebody was quicker than the script
field.hidden = true;
root.hidden = toolbar.hidden = false;
root.setAttribute("aria-describedby", "d-body");
if (begun) {
  rich.toEnd();
  rich.focus();
}
form.querySelector("label[for=f-body]").removeAttribute("for");
const hint = document.getElementById("d-body");
if (hint.textContent.trim() === hint.dataset.plain) hint.textContent = "";

if ("unsaved" in form.dataset || field.value !== field.defaultValue) touch();

function taken() {
  const now = toMail(root);
  if (now === known) return;
  field.value = known = now;
  touch();
}

function touch() {
  changed = true;
  status.textContent = form.dataset.leave;
}

function show(state) {
  for (const [name, on] of Object.entries(state)) {
    toolbar.querySelector(`[data-command="${name}"]`)?.setAttribute("aria-pressed", String(on));
  }
}

function command(name) {
  if (name === "picture") return chooser.click();
  if (name !== "link") return rich.run(name);
  if (rich.linked()) return rich.run("unlink");
  const range = rich.range();
  const words = range.toString();
  return ask("link", /^https?:/.test(words) ? words : "", (url) => {
    rich.select(range);
    if (url) rich.link(/^(https?:|mailto:|tel:)/i.test(url) ? url : `https://${url}`);
  });
}

// One line below the text: Enter takes what stands in it, Escape goes back.
function ask(what, value, answer) {
  const row = toolbar.querySelector(`[data-ask="${what}"]`);
  const input = row.querySelector("input");
  row.hidden = false;
  input.value = value;
  input.focus();
  input.select();
  row.answer = (given) => {
    row.hidden = true;
    row.answer = null;
    rich.focus();
    answer(given);
  };
}

async function send(file) {
  const range = rich.range();
  const body = new FormData();
  body.append("file", file);
  status.textContent = form.dataset.uploading;
  try {
    const answer = await fetch(`/articles/${form.dataset.article}/pictures`, { method: "POST", body, headers: { Accept: "application/json" } });
    const given = await answer.json();
    if (!answer.ok) throw new Error(given.error);
    status.textContent = "";
    ask("picture", "", (alt) => {
      rich.select(range);
      rich.insertImage(given.url, alt ?? "");
      taken();
    });
  } catch (error) {
    status.textContent = "";
    notify(error instanceof SyntaxError || error instanceof TypeError ? form.dataset.failed : error.message || form.dataset.failed, "error");
  }
}

const pictures = (transfer) => [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));

toolbar.addEventListener("mousedown", (event) => {
  if (event.target.closest("[data-command]")) event.preventDefault(); // the selection stays in the text
});
toolbar.addEventListener("click", (event) => {
  const button = event.target.closest("[data-command]");
  if (button) command(button.dataset.command);
});
toolbar.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-ask]");
  if (!row || event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  row.answer?.(event.key === "Enter" ? event.target.value.trim() : row.dataset.ask === "picture" ? "" : null);
});
chooser.addEventListener("change", () => {
  if (chooser.files[0]) send(chooser.files[0]);
  chooser.value = "";
});
for (const [name, where] of [["paste", "clipboardData"], ["drop", "dataTransfer"]]) {
  root.addEventListener(name, (event) => {
    const [picture] = pictures(event[where]);
    if (!picture) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    send(picture);
  }, true);
}
form.addEventListener("input", (event) => {
  if (event.target.name) touch();
});
form.addEventListener("submit", () => {
  field.value = toMail(root);
  changed = false; // what follows is no leaving
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || event.shiftKey || event.altKey) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-keep]"));
});
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
