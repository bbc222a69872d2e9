// The socket to the server: comes back by itself, says where it stood, and repeats where its windows are.
const SHORTEST = 500;
const LONGEST = 30_000;
const SILENCE = 70_000; // the server speaks every 25 s at least
const REPEAT = 20_000;

export class Line {
  // `hear` gets every fact, and {name: "up" | "down" | "signed-out"}.
  constructor(url, hear) {
    Object.assign(this, { url, hear, position: "", at: {}, said: "{}", tries: 0, socket: null, timer: 0, over: false, heard: 0 });
    setInterval(() => this.#look(), 5_000);
    setInterval(() => this.#say(true), REPEAT);
    globalThis.addEventListener?.("online", () => this.socket || this.open());
  }

  open() {
    clearTimeout(this.timer);
    const socket = new WebSocket(`${this.url}?after=${encodeURIComponent(this.position)}`);
    this.socket = socket;
    this.heard = Date.now();
    socket.onmessage = ({ data }) => this.socket === socket && this.#take(JSON.parse(data));
    socket.onclose = ({ code }) => this.socket === socket && this.#closed(code);
  }

  // Tickets that our windows show, with "viewing", "replying" or "typing".
  stand(at) {
    this.at = at;
    this.#say(false);
  }

  #take(facts) {
    this.heard = Date.now();
    for (const fact of facts) {
      if (fact.at) this.position = fact.at;
      else if (fact.seq) this.position = `${this.position.split(".")[0]}.${fact.seq}`;
      if (fact.name === "hello") {
        this.tries = 0;
        this.hear({ name: "up" });
        this.said = "{}";
        this.#say(false);
      }
      this.hear(fact);
    }
  }

  #say(again) {
    const words = JSON.stringify(this.at);
    if (this.socket?.readyState !== 1 || (words === this.said && !(again && words !== "{}"))) return;
    this.said = words;
    this.socket.send(`{"at":${words}}`);
  }

  #closed(code) {
    this.socket = null;
    this.hear({ name: "down" });
    if (code === 4401) {
      this.over = true;
      this.hear({ name: "signed-out" });
      return;
    }
    const pause = Math.min(LONGEST, SHORTEST * 2 ** this.tries) * (0.5 + Math.random());
    this.tries += 1;
    this.timer = setTimeout(() => this.open(), pause);
  }

  // A connection that died without a word: no close arrives for it.
  #look() {
    if (!this.socket || Date.now() - this.heard < SILENCE) return;
    const dead = this.socket;
    this.#closed(1006);
    dead.close();
  }
}
