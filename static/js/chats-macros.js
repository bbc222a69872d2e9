// The list that "/" opens above a column's answer: macros, articles and own phrases, narrowed while one types.
const PAUSE = 120;

export class MacroList {
  // `choose({ key, title })` when a macro or an article is taken; a phrase has no key.
  constructor(place, { key, words, choose, left }) {
    Object.assign(this, { place, key, words, choose, left, found: [], at: 0, asked: 0 });
    this.field = place.querySelector("input");
    this.list = place.querySelector("ul");
    this.field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#ask(), PAUSE);
    });
    this.field.addEventListener("keydown", (event) => this.#steer(event));
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
    this.list.addEventListener("click", (event) => this.#take(Number(event.target.closest("li")?.dataset.at ?? -1)));
    place.addEventListener("focusout", (event) => place.contains(event.relatedTarget) || this.close());
  }

  open() {
    this.place.hidden = false;
    this.field.value = "";
    this.field.focus();
    this.#ask();
  }

  close() {
    this.place.hidden = true;
    this.list.replaceChildren();
  }

  // Only the newest answer is shown; Enter before it waits for it.
  async #ask() {
    const asked = (this.asked += 1);
    const words = this.field.value;
    try {
      const answer = await fetch(`/chats/${this.key}/macros?words=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || asked !== this.asked || this.place.hidden) return;
      this.found = await answer.json();
    } catch {
      return;
    }
    this.shown = words;
    this.at = 0;
    this.#draw();
    if (this.eager) this.#take(0);
  }

  #draw() {
    this.list.replaceChildren(...this.found.map((one, at) => this.#option(one, at)));
    if (!this.found.length) this.list.append(Object.assign(document.createElement("li"), { className: "faint", textContent: this.words.nothing, role: "option", ariaDisabled: "true" }));
    this.#mark();
  }

  #option({ kind, title, words }, at) {
    const one = Object.assign(document.createElement("li"), { id: `${this.list.id}-${at}`, role: "option" });
    one.dataset.at = String(at);
    one.dataset.kind = kind;
    one.append(Object.assign(document.createElement("b"), { textContent: title }));
    if (words) one.append(Object.assign(document.createElement("small"), { textContent: words }));
    return one;
  }

  #mark() {
    for (const one of this.list.children) one.setAttribute("aria-selected", String(Number(one.dataset.at) === this.at));
    const here = this.list.children[this.at];
    here?.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", here?.id ?? "");
  }

  #steer(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.found.length) {
      this.at = (this.at + step + this.found.length) % this.found.length;
      this.#mark();
    } else if (event.key === "Enter") {
      if (this.shown === this.field.value) this.#take(this.at);
      else this.eager = true;
    } else if (event.key === "Escape" || (event.key === "Backspace" && !this.field.value)) this.#leave("");
    else if (event.key === "/" && !this.field.value) this.#leave("/");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #take(at) {
    this.eager = false;
    const one = this.found[at];
    if (!one) return;
    this.close();
    this.choose(one);
  }

  // A second slash means a slash.
  #leave(said) {
    this.close();
    this.left(said);
  }
}
