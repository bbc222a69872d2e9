// The desk's panes: dragged wider, folded away, opened as drawers where there is no room. A cookie remembers, so that
// the server draws the next page as this one is left.
const root = document.documentElement;
const YEAR = 31536000;
const ROOM = { views: "(min-width: 1024px)", side: "(min-width: 1280px)" };
const splitters = () => [...document.querySelectorAll(".splitter")];
const pane = (name) => document.getElementById(`pane-${name}`);
let opener = null;

function widthOf(name) {
  return Math.round(pane(name).getBoundingClientRect().width);
}

function resize(splitter, width) {
  const [least, most] = [Number(splitter.ariaValueMin), Number(splitter.ariaValueMax)];
  const now = Math.round(Math.min(most, Math.max(least, width)));
  root.style.setProperty(`--${splitter.dataset.pane}-width`, `${now}px`);
  splitter.ariaValueNow = String(now);
  splitter.dataset.chosen = String(now);
}

function reset(splitter) {
  const name = splitter.dataset.pane;
  root.style.setProperty(`--${name}-width`, `var(--${name}-usual)`);
  splitter.dataset.chosen = "";
  splitter.ariaValueNow = String(widthOf(name));
  remember();
}

function known() {
  const said = document.cookie.match(/(?:^|; )panes=([^;]*)/)?.[1] ?? "";
  return Object.fromEntries([...said.matchAll(/(views|list|side)-(\d+)/g)].map((match) => [match[1], Number(match[2])]));
}

function remember() {
  const before = known();
  const parts = [];
  for (const splitter of splitters()) {
    const name = splitter.dataset.pane;
    const width = splitter.dataset.chosen ?? before[name];
    if (width) parts.push(`${name}-${width}`);
  }
  for (const name of Object.keys(ROOM)) if (root.dataset[name] === "folded") parts.push(`${name}-folded`);
  document.cookie = `panes=${parts.join(".")}; path=/; max-age=${YEAR}; samesite=lax`;
}

export function toggle(name) {
  if (matchMedia(ROOM[name]).matches) fold(name, root.dataset[name] !== "folded");
  else if (root.dataset.drawer === name) shut();
  else openDrawer(name);
}

function fold(name, folded) {
  if (folded) root.dataset[name] = "folded";
  else delete root.dataset[name];
  remember();
  mark();
}

function openDrawer(name) {
  opener = document.activeElement;
  root.dataset.drawer = name;
  mark();
  const first = pane(name).querySelector("a[href], button, input, summary");
  first?.focus({ preventScroll: true });
}

function shut(giveBack = true) {
  if (!root.dataset.drawer) return false;
  const inside = pane(root.dataset.drawer)?.contains(document.activeElement);
  delete root.dataset.drawer;
  if (giveBack && inside && opener?.isConnected) opener.focus({ preventScroll: true });
  mark();
  return true;
}

// What its button says: whether the pane is there to be seen.
function mark() {
  for (const button of document.querySelectorAll("[data-pane-toggle][aria-controls]")) {
    const name = button.dataset.paneToggle;
    const shown = matchMedia(ROOM[name]).matches ? root.dataset[name] !== "folded" : root.dataset.drawer === name;
    button.setAttribute("aria-expanded", String(shown));
  }
  for (const splitter of splitters()) if (splitter.offsetParent) splitter.ariaValueNow = String(widthOf(splitter.dataset.pane));
}

function drag(event) {
  const splitter = event.target.closest?.(".splitter");
  if (!splitter || event.button !== 0) return;
  event.preventDefault();
  splitter.focus({ preventScroll: true });
  const name = splitter.dataset.pane;
  const [from, width, way] = [event.clientX, widthOf(name), name === "side" ? -1 : 1];
  splitter.setPointerCapture(event.pointerId);
  splitter.classList.add("dragging");
  root.classList.add("resizing");
  let moved = false; // a click that trembles is none
  const move = (at) => {
    moved ||= Math.abs(at.clientX - from) > 2;
    if (moved) resize(splitter, width + way * (at.clientX - from));
  };
  const end = () => {
    splitter.removeEventListener("pointermove", move);
    splitter.classList.remove("dragging");
    root.classList.remove("resizing");
    if (moved) remember();
    moved = false;
  };
  splitter.addEventListener("pointermove", move);
  for (const over of ["pointerup", "pointercancel"]) splitter.addEventListener(over, end, { once: true });
}

function steer(event) {
  const splitter = event.target.closest?.(".splitter");
  if (!splitter) return;
  const step = (event.shiftKey ? 48 : 16) * (splitter.dataset.pane === "side" ? -1 : 1);
  const ways = { ArrowRight: step, ArrowLeft: -step, Home: -9999, End: 9999 };
  if (event.key === "Enter") reset(splitter);
  else if (!(event.key in ways)) return;
  else {
    resize(splitter, widthOf(splitter.dataset.pane) + ways[event.key]);
    remember();
  }
  event.preventDefault();
}

document.addEventListener("pointerdown", drag);
document.addEventListener("dblclick", (event) => {
  const splitter = event.target.closest?.(".splitter");
  if (splitter) reset(splitter);
});
document.addEventListener("keydown", (event) => {
  steer(event);
  if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open], details.menu[open]") && shut()) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-pane-toggle]");
  if (button) {
    event.preventDefault();
    toggle(button.dataset.paneToggle);
  } else if (event.target.closest?.(".drawer-close")) {
    event.preventDefault();
    shut();
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "conversation") shut(false);
  mark();
});
for (const room of Object.values(ROOM)) matchMedia(room).addEventListener("change", () => shut(false) || mark());
mark();
