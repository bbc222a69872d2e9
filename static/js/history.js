// Back and forward through list and conversations without a new page: the list keeps its place, the row its focus,
// the title and the heading follow.
let here = location.pathname + location.search;
const desk = () => document.querySelector(".desk");
const conversation = () => document.getElementById("conversation");
const onDesk = (url) => url.pathname === "/" || /^\/tickets\/[^/]+$/.test(url.pathname);
const listOf = () => new URL(document.getElementById("rows")?.getAttribute("hx-get") ?? "/", location.href).search;

function shown() {
  const title = conversation()?.dataset.title;
  if (title) document.title = title;
}

function toRow(key) {
  const row = document.querySelector(`#rows .ticket-row[data-key="${CSS.escape(key ?? "")}"]`) ?? document.querySelector("#rows .ticket-row");
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

function toList() {
  const key = conversation().dataset.key;
  const empty = document.getElementById("nothing-open").content.cloneNode(true);
  conversation().replaceWith(empty);
  desk().classList.remove("has-open");
  const panel = document.getElementById("panel");
  panel?.replaceChildren();
  if (panel) panel.hidden = true;
  for (const row of document.querySelectorAll("#rows [aria-current]")) row.removeAttribute("aria-current");
  window.htmx.process(conversation());
  window.htmx.trigger(document.body, "inbox-changed");
  shown();
  toRow(key);
}

function show(url) {
  if (!window.htmx || !desk() || !onDesk(url)) return false;
  if (url.search !== listOf()) window.htmx.ajax("GET", url.pathname + url.search, { target: "#main", swap: "innerHTML show:none", select: ".desk, #nothing-open" });
  else if (url.pathname === "/") toList();
  else window.htmx.ajax("GET", url.pathname + url.search, { target: "#conversation", swap: "outerHTML show:none" });
  return true;
}

// htmx would load the page anew, and the list would lose its place.
window.addEventListener("popstate", (event) => {
  const before = here;
  here = location.pathname + location.search;
  if (here !== before && show(new URL(location.href))) event.stopImmediatePropagation();
}, { capture: true });
document.addEventListener("htmx:pushedIntoHistory", (event) => {
  here = event.detail.path;
});
document.addEventListener("click", (event) => {
  const back = event.target.closest?.(".conv-back");
  if (!back || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  const url = new URL(back.href);
  if (!window.htmx || url.search !== listOf()) return;
  event.preventDefault();
  window.history.pushState({ htmx: true }, "", url.pathname + url.search);
  here = url.pathname + url.search;
  toList();
});
// Whoever opened a conversation hears its heading; whoever is writing is left alone.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "conversation") return;
  shown();
  const active = document.activeElement;
  const heading = document.querySelector("#conversation h1");
  if (event.detail.requestConfig?.verb !== "get" || !heading || !(active === document.body || active.closest?.("#rows, .drawer-close"))) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
});
