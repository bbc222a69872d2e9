// The list as one stop of the Tab key: arrows, j and k walk along it, Tab leaves it.
const rows = () => [...document.querySelectorAll("#rows .ticket-row")];

export function walk(step) {
  const all = rows();
  const focused = all.indexOf(document.activeElement?.closest?.(".ticket-row") ?? document.activeElement?.closest?.("#rows li")?.querySelector(".ticket-row"));
  const from = focused >= 0 ? focused : all.findIndex((row) => row.hasAttribute("aria-current"));
  const next = all[Math.min(all.length - 1, Math.max(0, from + step))];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
  return next;
}

function mark() {
  const all = rows();
  const stop = all.find((row) => row === document.activeElement) ?? all.find((row) => row.hasAttribute("aria-current")) ?? all[0];
  for (const row of all) row.tabIndex = row === stop ? 0 : -1;
}

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("#rows .ticket-row")) mark();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.closest?.("#rows, #conversation, #main") || event.target.querySelector?.("#rows")) mark();
});
document.addEventListener("keydown", (event) => {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (!(event.key in steps) || event.defaultPrevented || event.shiftKey || !event.target.matches?.("#rows .ticket-row")) return;
  event.preventDefault();
  walk(steps[event.key]);
});
mark();
