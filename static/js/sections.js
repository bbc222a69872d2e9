// The customer panel's sections stay open or closed as they were left.
const KEY = "helpdesk.sections";

function closed() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

function apply(root) {
  for (const name of closed()) root.querySelector(`details[data-section="${CSS.escape(name)}"]`)?.removeAttribute("open");
}

document.addEventListener("toggle", (event) => {
  const name = event.target.dataset?.section;
  if (!name) return;
  const others = closed().filter((one) => one !== name);
  try {
    localStorage.setItem(KEY, JSON.stringify(event.target.open ? others : [...others, name]));
  } catch { /* open again next time */ }
}, true);
document.addEventListener("htmx:load", (event) => apply(event.detail.elt.parentElement ?? document));
apply(document);
