// The conversation: opens at what is new, else at its end, and stays there while messages come in.
import "./added.js";
import "./countdown.js";
import "./formatted.js";
import "./lightbox.js";
import "./sections.js";
import "./steady.js";

const messages = () => document.getElementById("messages");
const latest = () => document.getElementById("to-latest");
const newest = () => document.getElementById("messages-state").dataset.last;
let atEnd = true;
let wrote = false;
let leading = false;
let last = "";
const near = (area) => area.scrollHeight - area.scrollTop - area.clientHeight < 80;
const watch = new ResizeObserver(() => atEnd && toEnd());

function toEnd() {
  const area = messages();
  if (area) area.scrollTop = area.scrollHeight;
}

function opened() {
  const conversation = document.getElementById("conversation");
  if (!conversation?.dataset.key) return;
  document.title = conversation.dataset.title;
  last = newest();
  wrote = false;
  leading = lead();
  atEnd = !leading;
  if (atEnd) toEnd();
  watch.disconnect();
  watch.observe(messages());
}

// To the message that the address names, or to the line above what is new; false when neither is there.
function lead() {
  const area = messages();
  const named = location.hash.startsWith("#message-") && document.getElementById(location.hash.slice(1));
  const line = named || document.getElementById("new-line");
  if (!line) return false;
  area.scrollTop += line.getBoundingClientRect().top - area.getBoundingClientRect().top - 56;
  return !near(area);
}

document.addEventListener("scroll", (event) => {
  if (event.target !== messages()) return;
  atEnd = near(event.target);
  if (atEnd && latest()) latest().hidden = true;
}, true);
// Frames above grow while they load; the place that was led to stays until the reader moves.
document.addEventListener("frame-grown", () => {
  if (atEnd) toEnd();
  else if (leading) lead();
});
for (const moved of ["wheel", "pointerdown", "keydown", "touchstart"]) {
  document.addEventListener(moved, () => { leading = false; }, { capture: true, passive: true });
}
document.addEventListener("htmx:beforeSwap", () => {
  const area = messages();
  if (area) atEnd = near(area);
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "conversation") opened();
  else if (event.target.id === "composer" && wrote) written();
  else if (["messages", "head", "composer"].includes(event.target.id) && atEnd) toEnd();
});
for (const swapped of ["htmx:afterSwap", "htmx:oobAfterSwap"]) {
  document.addEventListener(swapped, (event) => {
    if (event.target.id === "messages" || event.detail.target?.id === "messages") said();
  });
}

// What one has said oneself is seen, and nothing above it is new any more.
document.addEventListener("composer-sent", ({ detail }) => {
  wrote = detail.key === document.getElementById("conversation")?.dataset.key;
});

function written() {
  wrote = false;
  document.getElementById("new-line")?.remove();
  last = newest();
  atEnd = true;
  toEnd();
}

// A new message is read out; where somebody reads further up, a button leads to it.
function said() {
  const area = messages();
  if (last && newest() !== last) {
    const live = document.getElementById("live");
    const words = [...area.querySelectorAll(".message-words")].at(-1);
    if (live && words) live.textContent = words.textContent.trim().slice(0, 200);
    if (!atEnd) latest().hidden = false;
  }
  last = newest();
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-to-latest]")) {
    atEnd = true;
    toEnd();
    latest().hidden = true;
    messages().focus({ preventScroll: true });
  }
  const menu = event.target.closest?.(".message-menu");
  if (menu && event.target.closest("a, button")) menu.open = false;
  const cancel = event.target.closest?.("[data-cancel-correction]");
  if (cancel && cancel.closest(".bubble")) {
    event.preventDefault();
    cancel.closest("form").remove();
  }
});
opened();
