// Where the visitor writes: grows with the text, sends on Enter but never out of a Japanese conversion.
import { el, icon, iconButton } from "./dom.js";
import { emojiButton } from "./emoji.js";
import { tray } from "./files.js";
import { suggestions } from "./articles.js";

const LONGEST = 8_000;
const FINGERS = matchMedia("(pointer: coarse)");

export function composer(ctx, given) {
  const { say, talk, show, panel } = ctx;
  const area = el("textarea", { rows: 1, placeholder: say("placeholder"), "aria-label": say("message"), maxLength: LONGEST, "data-first": true, enterKeyHint: FINGERS.matches ? "enter" : "send" });
  area.value = ctx.draft ?? talk.store.get("draft") ?? "";
  const files = tray(ctx, refresh);
  const chooser = el("input", { type: "file", multiple: true, hidden: true, tabIndex: -1, onchange: () => { files.add(chooser.files); chooser.value = ""; } });
  const emoji = emojiButton(ctx, insert, area);
  const go = el("button.send", { type: "submit", "aria-label": say("send"), title: say("send"), disabled: true }, icon("send"));
  const form = el("form.composer", { onsubmit: submit },
    files.content, area,
    el("div.tools", {}, iconButton("clip", say("attach"), () => chooser.click()), emoji.button, chooser, el("span.gap"), go), emoji.content);
  const suggested = suggestions(ctx, area, "thread");
  const drop = el("div.drop", { hidden: true }, icon("image"), say("drop"));
  panel.append(drop);

  area.addEventListener("input", () => {
    refresh();
    if (area.value.trim()) talk.typing(area.value);
    else talk.unsaid();
    ctx.draft = area.value;
    talk.store.set({ draft: area.value });
  });
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || (FINGERS.matches && !event.ctrlKey && !event.metaKey)) return;
    event.preventDefault();
    submit();
  });
  area.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    files.add(event.clipboardData.files);
  });
  const dragging = { dragenter: over, dragover: over, dragleave: off, drop: dropped };
  for (const [name, listener] of Object.entries(dragging)) panel.addEventListener(name, listener);
  requestAnimationFrame(refresh);

  function submit(event) {
    event?.preventDefault();
    const text = area.value.trim();
    const sent = files.ready();
    if (files.busy() || (!text && !sent.length)) return;
    area.value = ctx.draft = "";
    talk.store.set({ draft: "" });
    if (!talk.begun && ctx.needsForm()) return show("before", { text, more: given.more });
    const asked = talk.begun ? {} : talk.asked ?? {};
    talk.send(text, sent, { ...given.more, ...asked });
    given.more = {};
    files.clear();
    suggested.clear();
    refresh();
    area.focus();
  }

  function insert(text) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  }

  function refresh() {
    go.disabled = files.busy() || (!area.value.trim() && !files.ready().length);
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 140)}px`;
  }

  function over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.hidden = false;
  }

  function off(event) {
    if (!panel.contains(event.relatedTarget)) drop.hidden = true;
  }

  function dropped(event) {
    drop.hidden = true;
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    files.add(event.dataTransfer.files);
  }

  return {
    content: [suggested.content, form],
    focus: () => area.focus(),
    leave() {
      for (const [name, listener] of Object.entries(dragging)) panel.removeEventListener(name, listener);
      drop.remove();
    },
  };
}
