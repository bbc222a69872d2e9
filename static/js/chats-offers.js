// Answers that the visitor may press instead of typing: a few short fields, one more as soon as the last is filled.
const MOST = 6;
const LONGEST = 80;

export class Offers {
  constructor(place, words) {
    Object.assign(this, { place, words });
    place.addEventListener("input", () => this.#grow());
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
      event.preventDefault(); // the answer is sent from its own field
      const next = event.target.nextElementSibling ?? place.closest("form").querySelector("textarea");
      next.focus();
    });
  }

  get values() {
    return this.place.hidden ? [] : [...this.place.children].map((one) => one.value.trim()).filter(Boolean);
  }

  toggle() {
    this.place.hidden = !this.place.hidden;
    if (!this.place.hidden) {
      this.#grow();
      this.place.firstElementChild.focus();
    }
    return !this.place.hidden;
  }

  // Those that could not be sent are there again.
  show(values) {
    this.place.hidden = false;
    this.place.replaceChildren();
    for (const value of values) {
      this.#grow();
      this.place.lastElementChild.value = value;
    }
  }

  clear() {
    this.place.replaceChildren();
    this.place.hidden = true;
    this.place.closest("form").querySelector("[data-chat-offer]")?.setAttribute("aria-pressed", "false");
  }

  #grow() {
    const filled = [...this.place.children].every((one) => one.value.trim());
    if (!filled || this.place.childElementCount >= MOST) return;
    const field = Object.assign(document.createElement("input"), { type: "text", maxLength: LONGEST, autocomplete: "off", placeholder: this.words.offer });
    field.setAttribute("aria-label", `${this.words.offer} ${this.place.childElementCount + 1}`);
    this.place.append(field);
  }
}
