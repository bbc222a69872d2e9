// The list: marks the open ticket at once, keeps its length and place when it asks for itself again.
const rows = () => [...document.querySelectorAll("#rows .ticket-row")];

export const openKey = () => document.getElementById("conversation")?.dataset.key || "";

export function select(key) {
  for (const row of rows()) {
    if (row.dataset.key === key) {
      row.setAttribute("aria-current", "true");
      row.classList.remove("unread");
    } else row.removeAttribute("aria-current");
  }
}

export function move(step) {
  const all = rows();
  const here = all.findIndex((row) => row === document.activeElement || row.hasAttribute("aria-current"));
  const focused = all.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : here;
  const next = all[Math.min(all.length - 1, Math.max(0, from + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next;
}

document.addEventListener("click", (event) => {
  const row = event.target.closest?.(".ticket-row");
  if (row && !event.metaKey && !event.ctrlKey) select(row.dataset.key);
});
document.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id !== "rows") return;
  event.detail.parameters.limit = rows().length;
  event.detail.parameters.current = openKey();
});
// A 304 carries nothing to show.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 304) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "conversation") select(openKey());
});
// Whoever stands on "Show more" when the rows come stays at the end of the list.
let atEnd = false;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "more") atEnd = detail.target.contains(document.activeElement);
});
document.addEventListener("htmx:afterSettle", () => {
  if (atEnd) (document.querySelector("#more a") ?? rows().at(-1))?.focus({ preventScroll: true });
  atEnd = false;
});
