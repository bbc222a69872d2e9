// What was typed in a column and not sent: at once in this browser, a moment later on the server; the same draft as on
// the ticket's page. Two windows that wrote at one time lose nothing: both texts stand below each other.
const PAUSE = 900;
const AGAIN = 8_000;

export class Draft {
  // `changed(text)` when the words come from elsewhere, `tell(state)` with "" or "device".
  constructor({ agent, key, side, text, revision, changed, tell }) {
    Object.assign(this, { key, side, text, revision, changed, tell, macro: "", dirty: false, busy: null, timer: 0 });
    this.name = `draft:${agent}:${key}:${side}`;
    const local = this.#recall();
    if (local?.dirty && local.content?.text.trim() && local.content.text !== text) {
      this.text = local.content.text;
      this.dirty = true;
      if (local.revision) this.revision = local.revision;
      this.#later();
    }
  }

  write(text, macro = this.macro) {
    if (text === this.text && macro === this.macro) return;
    Object.assign(this, { text, macro: text.trim() ? macro : "", dirty: true });
    this.#keep();
    this.#later();
  }

  // Its words are being sent; until they are, this browser keeps them.
  leaves() {
    clearTimeout(this.timer);
    Object.assign(this, { text: "", macro: "", dirty: false });
  }

  // They were, and the server has thrown away with them what it kept; something may have been typed since.
  left() {
    this.revision = 0;
    this.dirty = Boolean(this.text.trim());
    this.#keep();
    this.tell("");
    if (this.dirty) this.#later();
  }

  // Nothing is on its way any more.
  async rest() {
    clearTimeout(this.timer);
    await this.busy;
  }

  async push({ leaving = false } = {}) {
    clearTimeout(this.timer);
    if (!this.dirty) return;
    if (this.busy) await this.busy;
    if (!this.dirty) return;
    this.busy = this.#put(leaving);
    await this.busy;
    this.busy = null;
  }

  async #put(leaving) {
    const { text } = this;
    const body = JSON.stringify({ revision: this.revision, content: this.#content() });
    try {
      const answer = await fetch(`/tickets/${this.key}/draft/${this.side}`, {
        method: "PUT", body, keepalive: leaving, headers: { "Content-Type": "application/json", Accept: "application/json" },
      });
      if (answer.status === 409) return this.#meet(await answer.json());
      if (!answer.ok) throw new Error(String(answer.status));
      this.revision = (await answer.json()).revision;
      this.dirty = this.text !== text;
      this.#keep();
      this.tell("");
    } catch {
      this.tell("device");
      this.#later(AGAIN);
    }
    return undefined;
  }

  #meet({ revision, content }) {
    this.revision = revision;
    const other = content?.text ?? "";
    if (other.trim() && !this.text.includes(other.trim())) {
      this.text = `${this.text.trimEnd()}\n\n${other}`;
      this.changed(this.text);
    }
    this.#later(0);
  }

  #content() {
    return { text: this.text, html: "", ...(this.macro && { macro: this.macro }) };
  }

  #later(after = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.push(), after);
  }

  #keep() {
    if (!this.text.trim() && !this.dirty) localStorage.removeItem(this.name);
    else localStorage.setItem(this.name, JSON.stringify({ content: this.#content(), revision: this.revision, dirty: this.dirty }));
  }

  #recall() {
    try {
      return JSON.parse(localStorage.getItem(this.name) || "null");
    } catch {
      return null;
    }
  }
}
