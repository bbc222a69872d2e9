// The composer: which of its sides is open, how large it is, and everything that happens when one comes onto the page.
import { box, focus, format, load, wantsFormat } from "./editor.js";
import { become } from "./composer-envelope.js";
import { paint } from "./composer-marks.js";
import { open as openMacros } from "./composer-macros.js";
import "./composer-articles.js";
import "./composer-files.js";
import "./composer-mention.js";
import "./composer-send.js";
import "./composer-ways.js";
import "./drafts.js";
import { released } from "./pressed.js";

export { openMacros };

export function show(mode, { quietly = false } = {}) {
  if (!box()) return;
  box().dataset.mode = mode;
  for (const tab of box().querySelectorAll('[role="tab"]')) {
    tab.setAttribute("aria-selected", String(tab.dataset.mode === mode));
    tab.tabIndex = tab.dataset.mode === mode ? 0 : -1;
  }
  for (const panel of box().querySelectorAll(".composer-panel")) panel.hidden = panel.id !== `panel-${mode}`;
  if (!quietly) focus(mode);
}

// An empty answer takes little room until somebody writes, and again when nobody does.
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("#composer :is(.text, .rich)")) box().classList.add("is-begun");
});
document.addEventListener("focusout", async ({ target, relatedTarget }) => {
  const composer = target.closest("#composer");
  if (!composer || composer.contains(relatedTarget)) return;
  await released();
  if (!composer.contains(document.activeElement)) composer.classList.remove("is-begun");
});

async function mount() {
  if (!box() || box().dataset.mounted) return;
  box().dataset.mounted = "1";
  for (const one of box().querySelectorAll("[data-script]")) {
    one.hidden = false;
    one.disabled = false;
  }
  document.dispatchEvent(new CustomEvent("composer-fresh"));
  if (wantsFormat()) await format();
  paint();
  document.dispatchEvent(new CustomEvent("composer-mounted"));
  load();
}

function enlarge(button) {
  const large = box().classList.toggle("is-large");
  button.setAttribute("aria-pressed", String(large));
  focus();
}

document.addEventListener("composer-show", (event) => show(event.detail.mode, { quietly: true }));
document.addEventListener("click", (event) => {
  const tab = event.target.closest?.('#composer [role="tab"]');
  if (tab && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    show(tab.dataset.mode);
  }
  const kind = event.target.closest?.("#composer [data-become]");
  if (kind) {
    show("reply");
    become(kind.dataset.become);
    if (kind.dataset.become === "forward") box().querySelector('[data-people="to"] input').focus();
  }
  const large = event.target.closest?.("[data-enlarge]");
  if (large) enlarge(large);
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.('#composer [role="tab"]') || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const other = [...box().querySelectorAll('[role="tab"]')].find((tab) => tab !== event.target);
  show(other.dataset.mode, { quietly: true });
  other.focus();
});
document.addEventListener("htmx:afterSettle", mount);
document.addEventListener("htmx:oobAfterSwap", mount);
mount();
