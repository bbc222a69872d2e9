// One chat's column: its quick composer, what stands in it and not yet with the visitor, and where it is scrolled to.
import { Draft } from "./chats-draft.js";
import { ChatFiles } from "./chats-files.js";
import { MacroList } from "./chats-macros.js";
import { MacroStrip } from "./chats-strip.js";
import { Offers } from "./chats-offers.js";
import { tell } from "./chats-tell.js";

const NEAR = 60; // pixels from the end that still count as being there
const newToken = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16).padStart(2, "0")).join("");

export class Column {
  constructor(root, { agent, words }) {
    Object.assign(this, { root, words, key: root.dataset.key, name: root.dataset.name });
    this.composer = root.querySelector(".chat-composer");
    this.form = root.querySelector(".chat-form");
    this.field = root.querySelector("textarea");
    this.side = this.composer.dataset.mode;
    this.atEnd = true;
    this.tail = Promise.resolve();
    for (const one of root.querySelectorAll("[data-script]")) one.hidden = false;
    this.#draft(agent);
    this.files = Object.fromEntries([...root.querySelectorAll(".chat-files")].map((list) => [list.dataset.side, new ChatFiles(list, this)]));
    const [choose, left] = [(one) => this.take(one), (said) => this.#back(said)];
    this.macros = new MacroList(root.querySelector(".chat-macros"), { key: this.key, words, choose, left });
    this.strip = new MacroStrip(root.querySelector(".chat-macro"), words);
    this.offers = new Offers(root.querySelector(".chat-offers"), words);
    this.#listen();
    this.toEnd();
  }

  get messages() {
    return this.root.querySelector(".chat-messages");
  }

  get over() {
    return this.root.querySelector(".chat-talk").hasAttribute("data-over");
  }

  // Whether something would be lost to the eye, were the column taken away.
  get begun() {
    return Object.values(this.drafts).some((one) => one.text.trim()) || Object.values(this.files).some((one) => one.keys.length);
  }

  focus() {
    this.root.scrollIntoView({ inline: "nearest", block: "nearest" });
    this.field.focus({ preventScroll: true });
  }

  toEnd() {
    this.messages.scrollTop = this.messages.scrollHeight;
  }

  // Messages were renewed: the reader stays where they were, what is being sent stands below until it is there itself.
  renewed() {
    for (const waiting of this.messages.querySelectorAll(".say-waiting[data-done]")) waiting.remove();
    if (this.atEnd) this.toEnd();
    this.mark();
  }

  // "Read" below the last answer that the visitor has read.
  mark() {
    const read = Number(this.root.querySelector("[data-visitor]")?.dataset.read || 0);
    const last = [...this.messages.querySelectorAll("[data-seq]")].filter((one) => Number(one.dataset.seq) <= read).at(-1);
    if (last?.querySelector(".say-read")) return;
    for (const old of this.messages.querySelectorAll(".say-read")) old.remove();
    last?.append(Object.assign(document.createElement("p"), { className: "say-read", textContent: this.words.read }));
  }

  async take({ key, title }) {
    if (!key) return this.insert(title);
    const answer = await fetch(`/chats/${this.key}/macros/${key}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return undefined;
    const found = await answer.json();
    if (found.key) this.strip.show(found); // an article does nothing but speak
    this.insert(found.text);
    const hole = found.missing[0]?.mark;
    if (hole) this.#find(hole);
    return undefined;
  }

  insert(words) {
    this.turn("reply");
    if (this.field.value.trim()) this.field.setRangeText(words, this.field.selectionStart, this.field.selectionEnd, "end");
    else this.field.value = words;
    this.field.focus();
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
    this.field.scrollTop = this.field.scrollHeight;
    this.#written();
  }

  // To the customer or to colleagues; each side keeps its own words and files.
  turn(side) {
    if (side === this.side) return;
    this.side = this.composer.dataset.mode = side;
    this.field.value = this.drafts[side].text;
    for (const list of this.root.querySelectorAll(".chat-files")) list.hidden = list.dataset.side !== side;
    this.root.querySelector("[data-chat-note]")?.setAttribute("aria-pressed", String(side === "note"));
    const { dataset } = this.field;
    for (const [name, other] of [["placeholder", "placeholder"], ["ariaLabel", "noteLabel"]]) {
      const before = this.field[name];
      this.field[name] = dataset[other];
      dataset[other] = before;
    }
    this.#problem("");
  }

  // Each answer goes after the one before it; the field is free for the next at once.
  send({ close = false } = {}) {
    const text = this.field.value.trim();
    if (!text) return this.tail;
    const { side } = this;
    const letter = { side, text, close, macro: this.strip.macro, offers: this.offers.values, token: newToken(), waiting: this.#show(text) };
    letter.fields = side === "note" ? [] : [...this.strip.fields, ...letter.offers.map((one) => ["offer", one])];
    this.field.value = "";
    this.drafts[side].leaves();
    this.strip.show(null);
    if (side === "reply") this.offers.clear();
    this.#problem("");
    this.tail = this.tail.then(() => this.#post(letter));
    return this.tail;
  }

  #draft(agent) {
    const { revision, note, noteRevision } = this.field.dataset;
    const made = (side, text, known) => new Draft({
      agent, key: this.key, side, text, revision: Number(known), tell: (state) => this.#state(state ? this.words[state] : ""),
      changed: (words) => { if (this.side === side) this.field.value = words; },
    });
    const [here, there] = this.side === "note" ? ["", note] : [this.field.value, note];
    this.drafts = { reply: made("reply", here, revision), note: made("note", there, noteRevision) };
    this.field.value = this.drafts[this.side].text;
  }

  #listen() {
    this.field.addEventListener("input", () => this.#written());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send().then(() => this.field.focus());
    });
    this.root.addEventListener("scroll", ({ target }) => {
      if (target === this.messages) this.atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < NEAR;
    }, true);
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.messages);
    this.root.addEventListener("visitor-read", () => this.mark());
    this.root.addEventListener("click", (event) => this.#click(event.target));
    this.root.addEventListener("change", ({ target }) => {
      if (!target.matches("[data-chat-attach]")) return;
      this.files[this.side].add([...target.files]);
      target.value = "";
    });
    this.field.addEventListener("paste", (event) => this.#files(event, event.clipboardData));
    this.root.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    this.root.addEventListener("drop", (event) => this.#files(event, event.dataTransfer));
  }

  #files(event, given) {
    if (!given?.files.length || [...given.types].includes("text/plain")) return;
    event.preventDefault();
    this.files[this.side].add([...given.files]);
  }

  #click(target) {
    const on = (selector) => target.closest(selector);
    if (on("[data-chat-note]")) {
      this.turn(this.side === "note" ? "reply" : "note");
      this.field.focus();
    } else if (on("[data-chat-macros]")) this.macros.open();
    else if (on("[data-chat-offer]")) on("[data-chat-offer]").setAttribute("aria-pressed", String(this.offers.toggle()));
    else if (on("[data-phrase]")) this.insert(on("[data-phrase]").dataset.phrase);
    else if (on("[data-chat-macro]")) this.take({ key: on("[data-chat-macro]").dataset.chatMacro });
    else if (on(".chat-macro [data-hole]")) this.#find(on("[data-hole]").dataset.hole);
    else if (on(".chat-macro [data-leave]")) this.strip.show(null);
  }

  // While words are being put together by an input method, its keys are not ours.
  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      this.send({ close: event.ctrlKey || event.metaKey });
    } else if (event.key === "/" && !this.field.value && this.side === "reply") {
      event.preventDefault();
      event.stopPropagation();
      this.macros.open();
    }
  }

  #back(said) {
    this.field.focus();
    if (said) this.insert(said);
  }

  #written() {
    const text = this.field.value;
    if (!text.trim()) this.strip.show(null);
    this.strip.look(text);
    this.drafts[this.side].write(text, this.side === "reply" ? this.strip.kept : "");
    this.#problem("");
  }

  async #post(letter) {
    const [files, draft] = [this.files[letter.side], this.drafts[letter.side]];
    await files.arrived();
    await draft.rest();
    const path = `/chats/${this.key}/${letter.side === "note" ? "notes" : "messages"}`;
    let said = {};
    try {
      const answer = await fetch(path, { method: "POST", body: bodyOf(letter, files.keys), headers: { Accept: "application/json" } });
      said = await answer.json();
      if (!answer.ok) throw new Error(said.error);
    } catch {
      this.#undo(letter, said.error ?? this.words.failed);
      return;
    }
    letter.waiting.dataset.done = "";
    files.clear();
    draft.left();
    document.dispatchEvent(new CustomEvent("composer-sent", { detail: { key: this.key, mode: letter.side } }));
    tell(said.events);
  }

  // Not a word is lost: what was typed since stands below it.
  #undo(letter, why) {
    const { side, text, macro, offers, waiting } = letter;
    waiting.remove();
    const draft = this.drafts[side];
    draft.write(draft.text.trim() ? `${text}\n${draft.text}` : text);
    this.turn(side);
    this.field.value = draft.text;
    this.strip.show(macro);
    if (offers.length) this.offers.show(offers);
    this.#problem(why);
  }

  #show(text) {
    const line = Object.assign(document.createElement("article"), { className: `say say-waiting say-${this.side === "note" ? "note" : "ours"}` });
    const bubble = Object.assign(document.createElement("div"), { className: "say-bubble" });
    bubble.append(Object.assign(document.createElement("div"), { className: "say-words", textContent: text }));
    line.append(bubble, Object.assign(document.createElement("p"), { className: "say-fate", textContent: this.words.sending }));
    this.messages.append(line);
    this.toEnd();
    return line;
  }

  #problem(words) {
    const place = this.root.querySelector(".chat-problem");
    place.hidden = !words;
    place.querySelector("span").textContent = words;
  }

  #state(words) {
    this.root.querySelector(".chat-state").textContent = words;
  }

  #find(mark) {
    const at = this.field.value.indexOf(mark);
    this.field.focus();
    if (at >= 0) this.field.setSelectionRange(at, at + mark.length);
  }
}

function bodyOf({ text, token, close, fields }, files) {
  const body = new FormData();
  const all = [["body", text], ["token", token], ["then", close ? "close" : "stay"], ...files.map((one) => ["staged", one]), ...fields];
  for (const [name, value] of all) body.append(name, value);
  return body;
}
