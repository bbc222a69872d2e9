// Files that go with the next answer of a column: uploaded while it is written, by button, paste or drop.
const size = (bytes) => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

export class ChatFiles {
  constructor(list, { key, words }) {
    Object.assign(this, { list, key, words, waiting: new Set() });
    for (const file of JSON.parse(list.dataset.files || "[]")) this.#done(this.#item(file.name, file.size), file);
    list.addEventListener("click", (event) => event.target.closest("button") && this.#remove(event.target.closest("li")));
  }

  get keys() {
    return [...this.list.querySelectorAll("li[data-key]")].map((one) => one.dataset.key);
  }

  get failed() {
    return this.list.querySelector(".is-failed") !== null;
  }

  add(files) {
    for (const file of files) {
      const one = this.#item(file.name || "image.png", file.size);
      const upload = this.#send(file, one).finally(() => this.waiting.delete(upload));
      this.waiting.add(upload);
    }
  }

  // Resolves when nothing is being uploaded any more.
  async arrived() {
    await Promise.all(this.waiting);
  }

  clear() {
    this.list.replaceChildren();
  }

  async #send(file, one) {
    const body = new FormData();
    body.append("file", file, file.name || "image.png");
    try {
      const answer = await fetch(`/tickets/${this.key}/files/${this.list.dataset.side}`, { method: "POST", body, headers: { Accept: "application/json" } });
      const said = await answer.json().catch(() => ({}));
      if (answer.status === 201) this.#done(one, said);
      else this.#fail(one, said.error);
    } catch {
      this.#fail(one);
    }
  }

  #item(name, bytes) {
    const one = document.createElement("li");
    const label = Object.assign(document.createElement("span"), { textContent: name, title: name });
    const note = Object.assign(document.createElement("small"), { textContent: size(bytes) });
    const leave = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    leave.setAttribute("aria-label", this.words.remove.replace("{name}", name));
    one.setAttribute("aria-busy", "true");
    one.append(label, note, leave);
    this.list.append(one);
    return one;
  }

  #done(one, file) {
    one.removeAttribute("aria-busy");
    one.dataset.key = file.key;
  }

  #fail(one, why) {
    one.removeAttribute("aria-busy");
    one.classList.add("is-failed");
    one.querySelector("small").textContent = why || this.words.uploadFailed;
  }

  #remove(one) {
    if (one.dataset.key) fetch(`/tickets/${this.key}/files/${one.dataset.key}`, { method: "DELETE" }).catch(() => {});
    one.remove();
  }
}
