// What a macro brought into a column's answer: its name, what it will do on sending, and what is still to be filled in.
export class MacroStrip {
  constructor(place, words) {
    Object.assign(this, { place, words, macro: null });
  }

  get actions() {
    return [...this.place.querySelectorAll('[name="action"]:checked')].map((one) => one.value);
  }

  // As a draft keeps it.
  get kept() {
    return this.macro ? { key: this.macro.key, version: this.macro.version, actions: this.actions } : "";
  }

  // As a form carries it.
  get fields() {
    if (!this.macro) return [];
    return [["macro", this.macro.key], ["macro_version", this.macro.version], ...this.actions.map((one) => ["action", one])];
  }

  show(macro) {
    this.macro = macro;
    this.place.hidden = !macro;
    this.place.replaceChildren();
    if (!macro) return;
    const title = Object.assign(document.createElement("b"), { textContent: macro.title });
    const leave = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    leave.dataset.leave = "";
    leave.setAttribute("aria-label", this.words.remove.replace("{name}", macro.title));
    this.holes = Object.assign(document.createElement("span"), { className: "chat-missing" });
    this.place.append(title, ...macro.chips.map(action), leave, this.holes);
  }

  // Which places of the text are still open.
  look(text) {
    if (!this.macro) return;
    const open = this.macro.missing.filter(({ mark }) => text.includes(mark));
    this.holes.replaceChildren(...(open.length ? [this.words.missing, ...open.map(hole)] : []));
  }
}

function action({ value, words, confirm }) {
  const label = Object.assign(document.createElement("label"), { className: "tag" });
  label.append(Object.assign(document.createElement("input"), { type: "checkbox", name: "action", value, checked: !confirm }), words);
  return label;
}

function hole({ mark, meaning }) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "hole", textContent: meaning });
  button.dataset.hole = mark;
  return button;
}
