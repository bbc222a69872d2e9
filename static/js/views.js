// Views and filter: a search in long menus, an address without empty fields, and saved views put in order by dragging.
const list = (element) => element.closest?.(".saved-views");
let dragged = null;

// Fields to search in a menu stay hidden without scripts.
function ready() {
  for (const field of document.querySelectorAll("[data-find][hidden]")) field.hidden = false;
  for (const item of document.querySelectorAll(".saved-views > li")) item.draggable = true;
}

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-find]")) return;
  const words = event.target.value.toLowerCase().normalize("NFKC").split(/\s+/).filter(Boolean);
  const around = event.target.closest("[data-tag-picker], .menu-list");
  for (const one of around.querySelectorAll("[data-words]")) one.hidden = !words.every((word) => one.dataset.words.includes(word));
});
// A menu with a field to search in is for typing at once.
const enter = (menu) => menu?.open && menu.querySelector(".menu-find [data-find]")?.focus();
document.addEventListener("toggle", (event) => event.target.matches?.(".bulk-actions details") && enter(event.target), true);
document.addEventListener("htmx:afterSettle", (event) => enter(event.target.closest?.(".bulk-actions details")));
// Enter takes what is left alone, and never sends the form by accident.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-find]")) return;
  event.preventDefault();
  const left = [...event.target.closest("[data-tag-picker], .menu-list").querySelectorAll("[data-words]:not([hidden])")];
  if (left.length === 1) (left[0].matches("button") ? left[0] : left[0].querySelector("button, input")).click();
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("[data-filter-form], .pane-search")) return;
  const usual = (field) => !field.value || (field.name === "view" && field.value === "unanswered");
  const empty = [...event.target.elements].filter((field) => field.name && usual(field));
  const sorted = [...event.target.elements].filter((field) => field.name === "columns");
  const same = sorted.length && sorted.every((field) => field.type === "hidden" || field.checked === field.defaultChecked) && !new URLSearchParams(location.search).has("columns");
  for (const field of same ? [...empty, ...sorted] : empty) {
    field.disabled = true;
    setTimeout(() => (field.disabled = false));
  }
});

document.addEventListener("dragstart", (event) => {
  dragged = list(event.target) && event.target.closest("li");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.key);
  dragged.classList.add("dragged");
});
document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.(".saved-views > li");
  if (!dragged || !over || list(over) !== list(dragged)) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  if (over !== dragged) over[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
});
document.addEventListener("drop", (event) => {
  if (dragged && list(event.target)) event.preventDefault();
});
document.addEventListener("dragend", () => {
  if (!dragged) return;
  const items = list(dragged);
  dragged.classList.remove("dragged");
  dragged = null;
  const keys = [...items.children].map((item) => item.dataset.key).join(",");
  window.htmx.ajax("POST", items.dataset.order, { values: { keys }, swap: "none" });
});

for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.addEventListener(name, ready);
ready();
