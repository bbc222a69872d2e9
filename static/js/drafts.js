// What was typed and not sent: at once in this browser, a moment later on the server. Neither a reload, nor a lost
// connection, nor a second window of the same agent costs a word.
import { area, box, form, read, words, write } from "./editor.js";
import * as envelope from "./composer-envelope.js";
import * as files from "./composer-files.js";
import * as macros from "./composer-macros.js";
import * as ways from "./composer-ways.js";
import { notify } from "./notices.js";

const PREFIX = "draft:";
const PAUSE = 900; // milliseconds without a key until the server hears of it
const AGAIN = 8_000; // until the next attempt while it cannot be reached
const TO_UNDO = 10; // seconds
const MODES = ["reply", "note"];
const MOST_WHILE_LEAVING = 60_000; // a browser sends no more than 64 KB for a page that closes
const drafts = new Map();

// One draft: `revision` is the server's, `kept` what it holds, `dirty` whether there is more here.
const of = (key, mode) => {
  const name = `${PREFIX}${box()?.dataset.agent ?? ""}:${key}:${mode}`;
  if (!drafts.has(name)) drafts.set(name, { name, key, mode, revision: 0, dirty: false, timer: 0, busy: null, over: false });
  return drafts.get(name);
};
const here = (mode) => of(box().dataset.key, mode);
const shown = (draft) => box()?.dataset.key === draft.key;
const address = (draft) => `/tickets/${draft.key}/draft/${draft.mode}`;
const ALONG = ["text", "html", "via", "card", "offers", "template"];
const same = (one, other) => ALONG.every((name) => JSON.stringify(one[name] || "") === JSON.stringify(other[name] || ""));
const isEmpty = (content) => !content.text.trim() && !content.html && !content.card;

function content(mode) {
  const said = read(mode);
  return mode === "note" ? said : { ...said, ...envelope.read(), ...ways.read(), macro: said.text.trim() ? macros.read() : "" };
}

function keep(draft) {
  if (isEmpty(draft.content) && !draft.dirty) localStorage.removeItem(draft.name);
  else {
    const { content: said, revision, dirty } = draft;
    localStorage.setItem(draft.name, JSON.stringify({ content: said, revision, dirty }));
  }
}

function recall(draft) {
  try {
    return JSON.parse(localStorage.getItem(draft.name) || "null");
  } catch {
    return null;
  }
}

function touched(mode) {
  if (!box()?.dataset.ready) return;
  const draft = here(mode);
  if (draft.over) return;
  const now = content(mode);
  if (JSON.stringify(now) === JSON.stringify(draft.content)) return;
  Object.assign(draft, { content: now, dirty: true });
  keep(draft);
  tell(draft, "");
  clearTimeout(draft.timer);
  draft.timer = setTimeout(push, PAUSE, draft);
}

// Sends what the server does not have yet; one request at a time for each draft.
async function push(draft, { leaving = false } = {}) {
  clearTimeout(draft.timer);
  if (!draft.dirty || draft.over || draft.conflict) return undefined;
  if (draft.busy) return draft.busy.then(() => push(draft));
  const body = JSON.stringify({ revision: draft.revision, content: draft.content });
  if (leaving && body.length > MOST_WHILE_LEAVING) return undefined;
  draft.busy = put(draft, body, leaving);
  await draft.busy;
  draft.busy = null;
  return undefined;
}

async function put(draft, body, leaving) {
  const sent = JSON.stringify(draft.content);
  try {
    const answer = await ask(draft, { method: "PUT", body, keepalive: leaving });
    if (answer.status === 409) return differs(draft, await answer.json());
    if (!answer.ok) throw new Error(String(answer.status));
    draft.revision = (await answer.json()).revision;
    draft.dirty = JSON.stringify(draft.content) !== sent;
    keep(draft);
    if (!draft.dirty) tell(draft, isEmpty(draft.content) ? "" : "saved");
  } catch {
    tell(draft, "device");
    draft.timer = setTimeout(push, AGAIN, draft);
  }
  return undefined;
}

const ask = (draft, given) => fetch(address(draft), { headers: { "Content-Type": "application/json", Accept: "application/json" }, ...given });

// What the server holds now, and what becomes of it beside what stands here.
async function pull(mode) {
  const draft = here(mode);
  if (draft.busy) await draft.busy;
  try {
    const answer = await ask(draft, {});
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    if (!shown(draft) || draft.over) return;
    files.show(mode, found.files);
    await meet(draft, found);
  } catch {
    if (shown(draft) && draft.dirty) tell(draft, "device");
  }
}

async function meet(draft, found) {
  if (!found.content) {
    if (draft.dirty) Object.assign(draft, { revision: 0 });
    else if (draft.revision) await take(draft, found); // sent or thrown away in another window
    return push(draft);
  }
  if (draft.dirty && found.revision === draft.revision) return push(draft);
  if (draft.dirty && !isEmpty(draft.content)) return differs(draft, found);
  if (!same(found.content, draft.content)) return take(draft, found);
  draft.revision = found.revision;
  return undefined;
}

async function take(draft, found) {
  const empty = { text: "", html: "" };
  const ready = box().dataset.ready;
  delete box().dataset.ready;
  await fill(draft.mode, found.content || empty);
  if (ready) box().dataset.ready = ready;
  Object.assign(draft, { revision: found.revision, dirty: false, conflict: null, content: content(draft.mode) });
  keep(draft);
  tell(draft, found.content ? "saved" : "");
  announce(draft.mode);
}

async function fill(mode, said) {
  await write(mode, said);
  if (mode !== "reply") return;
  await envelope.write(said);
  await ways.write(said);
  macros.write(said.macro);
}

const announce = (mode) => document.dispatchEvent(new CustomEvent("composer-input", { detail: { mode } }));

// Two windows wrote: both texts are shown, and the agent says which one stays.
function differs(draft, found) {
  if (!shown(draft)) return;
  if (!found.content || found.content.text === draft.content.text) {
    draft.revision = found.revision;
    draft.timer = setTimeout(push, 0, draft);
    return;
  }
  draft.conflict = found;
  const strip = document.querySelector(`#panel-${draft.mode} .draft-conflict`);
  strip.querySelector("pre").textContent = found.content.text;
  strip.hidden = false;
}

async function settle(draft, choice) {
  const { conflict, content: mine } = draft;
  document.querySelector(`#panel-${draft.mode} .draft-conflict`).hidden = true;
  draft.conflict = null;
  draft.revision = conflict.revision;
  if (choice === "other") return take(draft, conflict);
  if (choice === "both") await write(draft.mode, { text: `${mine.text.trimEnd()}\n\n${conflict.content.text}` });
  Object.assign(draft, { content: content(draft.mode), dirty: true });
  keep(draft);
  announce(draft.mode);
  return push(draft);
}

function tell(draft, state) {
  const panel = shown(draft) && document.getElementById(`panel-${draft.mode}`);
  if (!panel) return;
  panel.querySelector(".draft-discard").hidden = isEmpty(draft.content);
  panel.querySelector(".draft-state").dataset.state = state;
  panel.querySelector(".draft-words").textContent = state ? words()[state] : "";
}

async function discard(mode) {
  const draft = here(mode);
  if (draft.busy) await draft.busy;
  const before = { content: content(mode), files: files.list(mode) };
  await take(draft, { revision: draft.revision, content: null });
  files.show(mode, []);
  draft.dirty = true;
  await push(draft);
  draft.discarded = before;
  clearTimeout(draft.gone);
  draft.gone = setTimeout(forget, TO_UNDO * 1000, draft);
  notify(words().discarded, "info", { label: words().undo, seconds: TO_UNDO, run: () => undiscard(draft) });
}

async function undiscard(draft) {
  clearTimeout(draft.gone);
  const { mode, discarded: before } = draft;
  draft.discarded = null;
  if (!before || !shown(draft)) return;
  const since = content(mode);
  await fill(mode, isEmpty(since) ? before.content : { ...before.content, html: "", text: `${before.content.text}\n\n${since.text}` });
  files.show(mode, before.files);
  announce(mode);
  push(draft);
}

// Its files go for good; nothing does while something new is being written.
function forget(draft) {
  if (draft.discarded && isEmpty(draft.content)) ask(draft, { method: "DELETE", keepalive: true }).catch(() => {});
  draft.discarded = null;
}

// Nothing of this draft is under way any more: what was sent is not kept a second time.
export async function rest(mode) {
  const draft = here(mode);
  clearTimeout(draft.timer);
  if (draft.busy) await draft.busy;
  draft.over = true;
}

export function goOn(mode) {
  const draft = here(mode);
  draft.over = false;
  touched(mode);
  if (draft.dirty) draft.timer = setTimeout(push, AGAIN, draft);
}

export const tellOffline = (mode) => tell(here(mode), "offline");

// A composer came to stand on the page: its words are those of this browser, until the server has answered.
async function mount() {
  if (!box() || box().dataset.ready) return;
  for (const mode of MODES) {
    const draft = here(mode);
    const local = recall(draft);
    Object.assign(draft, { over: false, conflict: null, revision: local?.revision ?? 0, dirty: Boolean(local?.dirty) });
    const given = area(mode).value;
    if (local && !(given.trim() && given.trim() !== local.content.text.trim())) await fill(mode, local.content);
    else if (local && !isEmpty(local.content)) await write(mode, { text: `${local.content.text.trimEnd()}\n\n${given}` });
    draft.content = local?.content ?? { ...content(mode), text: "", html: "" };
  }
  if (!box()) return;
  box().dataset.ready = "1";
  for (const mode of MODES) {
    announce(mode);
    pull(mode);
  }
}

function leave(given) {
  for (const draft of drafts.values()) if (draft.dirty) push(draft, given);
}

function gone({ key, mode }) {
  const draft = of(key, mode);
  clearTimeout(draft.timer);
  Object.assign(draft, { over: true, dirty: false, revision: 0, content: { text: "", html: "" } });
  localStorage.removeItem(draft.name);
}

// Taken back: its words and files stand in the composer again; the next ticket may be there, or on its way, already.
function restore({ key, mode, token }) {
  if (box()?.dataset.key !== key || document.body.matches(".htmx-request")) return window.location.assign(`/tickets/${key}`);
  here(mode).over = false;
  if (token) form(mode).elements.token.value = token;
  document.dispatchEvent(new CustomEvent("composer-show", { detail: { mode } }));
  return pull(mode);
}

document.addEventListener("composer-input", (event) => touched(event.detail.mode));
document.addEventListener("composer-mounted", mount);
document.addEventListener("composer-sent", (event) => gone(event.detail));
document.addEventListener("composer-restore", (event) => restore(event.detail));
document.addEventListener("focusout", (event) => {
  if (event.target.closest?.("#composer")) leave();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (["conversation", "composer"].includes(event.target.id)) leave();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-conflict], [data-discard]");
  if (!button) return;
  const mode = button.closest(".composer-panel").id.replace("panel-", "");
  if (button.dataset.conflict) settle(here(mode), button.dataset.conflict);
  else discard(mode);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") leave({ leaving: true });
  else if (box()) for (const mode of MODES) pull(mode);
});
window.addEventListener("pagehide", () => {
  leave({ leaving: true });
  for (const draft of drafts.values()) if (draft.discarded) forget(draft);
});
window.addEventListener("online", () => {
  leave();
  if (box()) for (const mode of MODES) pull(mode);
});
