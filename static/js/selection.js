// Choosing rows of the list, by mouse and by keys, for what is then done to all of them at once. The boxes belong to
// the form #bulk; a list that asks for itself again keeps what is chosen.
import { openKey } from "./list.js";

const chosen = new Set();
let anchor = null;
let everything = "";
let query = null; // of the list that is shown: a choice never outlives it

const form = () => document.getElementById("bulk");
const boxes = () => [...document.querySelectorAll("#rows .row-check")];
const box = (key) => document.getElementById(`row-${key}`)?.querySelector(".row-check") ?? null;
const here = () => {
  const item = document.activeElement?.closest?.("#rows .row-item");
  return item?.querySelector(".row-check") ?? box(openKey());
};

function show() {
  const address = document.getElementById("rows")?.getAttribute("hx-get") ?? "";
  const asked = address.includes("?") ? address.slice(address.indexOf("?")) : "";
  if (asked !== query) {
    forget();
    query = asked;
  }
  const all = boxes();
  const shown = new Set(all.map((one) => one.value));
  for (const key of chosen) if (!shown.has(key)) chosen.delete(key);
  for (const one of all) {
    one.tabIndex = -1; // one stop of the Tab key for the whole list: x chooses a row
    one.checked = everything !== "" || chosen.has(one.value);
    one.closest(".row-item").classList.toggle("chosen", one.checked);
  }
  const bar = form();
  if (!bar) return;
  const count = bar.querySelector("[data-count]");
  const words = chosen.size === 1 ? count.dataset.one : count.dataset.many.replace("{n}", chosen.size);
  count.textContent = everything || (chosen.size ? words : "");
  bar.elements.everything.value = everything ? "1" : "";
  bar.elements.filter.value = query;
  const whole = bar.querySelector("[data-select-all]");
  whole.checked = all.length > 0 && all.every((one) => one.checked);
  whole.indeterminate = chosen.size > 0 && !whole.checked;
  offer(bar, whole.checked && !everything && Boolean(document.getElementById("more")));
}

// The whole list is more than what is shown: how many, and whether all of them are meant.
function offer(bar, wanted) {
  const place = bar.querySelector("#bulk-everything");
  if (!wanted) place.replaceChildren();
  else if (!place.childElementCount && !place.dataset.asked) {
    place.dataset.asked = "1";
    window.htmx.ajax("GET", `/inbox/count${query}`, { target: place, swap: "innerHTML" }).finally(() => delete place.dataset.asked);
  }
}

function choose(one, on) {
  if (everything) forget();
  if (on) chosen.add(one.value);
  else chosen.delete(one.value);
  anchor = one.value;
}

function upTo(one) {
  const all = boxes();
  const [from, to] = [all.findIndex((other) => other.value === anchor), all.indexOf(one)];
  if (to < 0) return;
  const first = from < 0 ? to : Math.min(from, to);
  for (const other of all.slice(first, Math.max(from, to) + 1)) chosen.add(other.value);
}

function forget() {
  chosen.clear();
  everything = "";
  anchor = null;
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (target.matches?.("#rows .row-check")) {
    if (event.shiftKey && anchor) upTo(target);
    else choose(target, target.checked);
    show();
    return;
  }
  const pressed = target.closest?.("[data-select-row], [data-select-range], [data-select-none], [data-select-everything], [data-bulk-action], [data-bulk-dismiss]");
  if (pressed) press(pressed, event);
});

function press(button, event) {
  const row = here();
  if (button.matches("[data-select-row]") && row) choose(row, !chosen.has(row.value));
  else if (button.matches("[data-select-range]") && row) upTo(row);
  else if (button.matches("[data-select-none]")) forget();
  else if (button.matches("[data-select-everything]")) everything = button.dataset.words;
  else if (button.matches("[data-bulk-action]")) return act(button, event);
  else if (button.matches("[data-bulk-dismiss]")) button.closest("#bulk-progress").hidden = true;
  return show();
}

// A choice of a menu says what is to be done and with what.
function act(button, event) {
  if (button.dataset.confirmBulk && !window.confirm(button.dataset.confirmBulk)) {
    event.preventDefault();
    return;
  }
  const name = form().querySelector("[data-bulk-name]");
  name.value = button.dataset.bulkAction;
  name.disabled = false;
}

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-select-all]")) return;
  everything = "";
  for (const one of boxes()) event.target.checked ? chosen.add(one.value) : chosen.delete(one.value);
  show();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const inList = event.target.closest?.("#rows");
  if (inList && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
    event.preventDefault();
    for (const one of boxes()) chosen.add(one.value);
    show();
  } else if (event.key === "Escape" && (chosen.size || everything) && (inList || event.target === document.body)) {
    event.preventDefault();
    forget();
    show();
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id !== "bulk") return;
  const name = form()?.querySelector("[data-bulk-name]");
  if (name) Object.assign(name, { value: "", disabled: true });
  for (const menu of form()?.querySelectorAll("details[open]") ?? []) menu.open = false;
});
document.addEventListener("bulk-begun", () => {
  const row = box(anchor)?.closest(".row-item").querySelector(".ticket-row");
  forget();
  show();
  row?.focus({ preventScroll: true });
});
for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.addEventListener(name, show);
show();
