// The conversation itself: what was said in its order, what still waits to be sent, who has read how far.
import { makeLine } from "./line.js";
import { makeStore, newKey } from "./store.js";

const ANSWERED_WITHIN = 12_000; // milliseconds for an ack; then the line is taken for dead
const TYPING_EVERY = 1_500;
const TYPING_SHOWN = 6_000;
const SILENCE = 3 * 86_400_000;
const OWN = new Set(["visitor", "customer"]);

export class Talk extends EventTarget {
  constructor(parts) {
    super();
    this.parts = parts;
    this.store = makeStore(parts.brand);
    this.lines = [];
    this.state = "idle"; // connecting, open, lost, refused
    this.open = Boolean(parts.config.open);
    this.agents = parts.config.agents_online ?? 0;
    this.wait = parts.config.wait ?? null;
    this.token = this.store.get("token");
    this.seen = this.store.get("seen") ?? 0;
    this.read = 0; // how far the team has read
    this.closed = false; // whether the team has ended it
    this.campaign = ""; // what the shop has said that the next message answers
    this.watching = false; // whether the visitor is looking at the lines just now
    this.pending = this.store.queue.list();
    const url = parts.address("chat");
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.line = makeLine({ url, hello: () => this.hello(), onframe: (frame) => this.hear(frame), onstate: (state) => this.turn(state) });
    this.store.hear((fact) => this.overhear(fact));
    window.navigation?.addEventListener("currententrychange", () => this.turnPage());
  }

  start() {
    this.line.start();
  }

  get begun() {
    return this.lines.length > 0 || this.pending.length > 0;
  }

  // After three days of silence the next word begins something new.
  get running() {
    const last = this.pending.at(-1) ?? this.lines.at(-1);
    return Boolean(last) && !this.closed && Date.now() - new Date(last.at) < SILENCE;
  }

  get last() {
    return this.lines.reduce((most, one) => Math.max(most, one.seq ?? 0), 0);
  }

  get unread() {
    return this.lines.filter((one) => !one.own && one.seq > this.seen).length;
  }

  hello() {
    const { lang, user, hash } = this.parts;
    this.page = location.href;
    const said = { type: "hello", lang, page: location.href.slice(0, 2000), title: document.title.slice(0, 200), referrer: document.referrer.slice(0, 2000) };
    if (this.token) said.visitor = this.token;
    if (user && hash) Object.assign(said, { user, hash });
    if (this.last) said.after = this.last;
    return said;
  }

  // A shop that changes its page without loading another.
  turnPage() {
    if (location.href !== this.page) this.line.send({ type: "page", page: location.href.slice(0, 2000), title: document.title.slice(0, 200) });
    this.page = location.href;
  }

  // A message is kept until the server has it; the same key twice is one message.
  send(text, attachments = [], more = {}) {
    const item = { key: newKey(), text, attachments, more: { ...more, ...(this.campaign && { campaign: this.campaign }) }, at: Date.now() };
    this.campaign = "";
    this.unsaid();
    this.store.begin();
    this.store.set({ token: this.token });
    this.pending.push(item);
    this.store.queue.put(item);
    this.store.tell({ kind: "pending", item, token: this.token });
    this.closed = false;
    this.changed("lines");
    this.start();
    this.pump();
    return item;
  }

  retry(item) {
    delete item.wrong;
    this.changed("lines");
    this.pump();
  }

  forget(item) {
    this.pending = this.pending.filter((one) => one.key !== item.key);
    this.store.queue.drop(item.key);
    this.changed("lines");
  }

  pump() {
    const next = this.pending.find((one) => !one.wrong);
    if (this.state !== "open" || this.inflight || !next) return;
    const frame = { type: "message", key: next.key, text: next.text, ...next.more };
    if (next.attachments.length) frame.attachments = next.attachments.map((one) => one.key);
    if (!this.line.send(frame)) return;
    this.inflight = next;
    this.impatience = setTimeout(() => this.line.again(), ANSWERED_WITHIN);
  }

  settle() {
    clearTimeout(this.impatience);
    this.inflight = null;
  }

  // The team sees that and what somebody is writing; the last letters follow when the pause is over.
  typing(text) {
    const wait = (this.typedAt ?? 0) + TYPING_EVERY - Date.now();
    this.unsaid();
    if (wait > 0) this.typingLater = setTimeout(() => this.typing(text), wait);
    else if (this.line.send({ type: "typing", text: text.slice(0, 500) })) this.typedAt = Date.now();
  }

  unsaid() {
    clearTimeout(this.typingLater);
  }

  rate(score, comment) {
    return this.line.send({ type: "rate", score, ...(comment && { comment }) });
  }

  look(watching) {
    this.watching = watching;
    if (watching) this.mark();
  }

  mark() {
    if (document.hidden || this.last <= this.seen) return;
    this.seen = this.last;
    this.store.set({ seen: this.seen });
    this.line.send({ type: "read", seq: this.seen });
    this.store.tell({ kind: "seen", seq: this.seen });
    this.changed("unread");
  }

  turn(state) {
    this.state = state;
    if (state !== "open") this.settle();
    this.changed("state");
  }

  hear(frame) {
    const hearing = {
      welcome: () => this.welcome(frame),
      message: () => this.arrive(frame),
      ack: () => this.acknowledged(frame),
      typing: () => this.typingHeard(frame),
      read: () => this.readHeard(frame.seq),
      closed: () => this.over(frame),
      history: () => this.older(frame),
      error: () => this.problem(frame),
    };
    hearing[frame.type]?.();
  }

  welcome(frame) {
    if (frame.visitor && frame.visitor !== this.token) {
      if (this.token) this.lines = []; // the server knows the old one no more
      this.token = frame.visitor;
      this.store.set({ token: this.token });
    }
    this.open = frame.open ?? this.open;
    this.agents = frame.agents_online ?? this.agents;
    this.wait = frame.wait ?? null;
    if (frame.read) this.read = Math.max(this.read, frame.read);
    if (frame.closed) this.over(frame);
    else if (frame.closed === false) this.closed = false;
    for (const one of frame.history ?? []) this.put(one);
    if (!this.welcomed) this.more = Boolean(frame.more);
    this.welcomed = true;
    this.changed("lines");
    this.changed("state");
    if (this.watching) this.mark();
    this.changed("unread");
    this.pump();
  }

  askOlder() {
    this.line.send({ type: "history", before: this.lines[0]?.seq ?? 1 });
  }

  older(frame) {
    for (const one of frame.history ?? []) this.put(one);
    this.more = Boolean(frame.more);
    this.dispatchEvent(new Event("older"));
  }

  arrive(frame) {
    const line = this.put(frame);
    if (!line) return;
    if (!line.own) {
      this.typist = null;
      this.changed("typing");
      this.dispatchEvent(new CustomEvent("arrived", { detail: line }));
    }
    this.changed("lines");
    if (this.watching) this.mark();
    this.changed("unread");
  }

  // -> the line, or nothing when it stands already.
  put(frame) {
    const waiting = frame.key && this.pending.find((one) => one.key === frame.key);
    if (waiting) this.leaveQueue(waiting);
    if (frame.seq && this.lines.some((one) => one.seq === frame.seq)) return null;
    const own = frame.own ?? OWN.has(frame.from?.role);
    const line = { ...frame, own, text: frame.text ?? "", attachments: frame.attachments ?? [], at: frame.sent_at };
    this.lines.push(line);
    this.lines.sort((one, other) => one.seq - other.seq);
    return line;
  }

  acknowledged(frame) {
    const item = this.pending.find((one) => one.key === frame.key);
    if (this.inflight?.key === frame.key) this.settle();
    if (item) {
      this.leaveQueue(item);
      const line = this.put({ seq: frame.seq, id: frame.id, own: true, text: item.text, attachments: item.attachments, sent_at: new Date(item.at).toISOString() });
      this.store.tell({ kind: "line", key: item.key, line });
      this.changed("lines");
    }
    this.mark();
    this.pump();
  }

  leaveQueue(item) {
    this.pending = this.pending.filter((one) => one !== item);
    this.store.queue.drop(item.key);
  }

  typingHeard(frame) {
    this.typist = frame.from ?? {};
    clearTimeout(this.typingOver);
    this.typingOver = setTimeout(() => {
      this.typist = null;
      this.changed("typing");
    }, TYPING_SHOWN);
    this.changed("typing");
  }

  readHeard(seq) {
    this.read = Math.max(this.read, seq ?? 0);
    this.changed("lines");
  }

  over(frame) {
    this.closed = true;
    this.askRating = frame.rating !== false;
    this.changed("lines");
  }

  // A limit is waited for; anything else stays with its message, for the visitor to decide.
  problem(frame) {
    const item = this.inflight;
    if (frame.code === "rate_limited" || frame.code === "unavailable") {
      this.settle();
      setTimeout(() => this.pump(), 1000 * (frame.retry_after || 5));
    } else if (item && frame.key === item.key) {
      item.wrong = frame.text || frame.code;
      this.settle();
      this.changed("lines");
      this.pump();
    }
  }

  overhear(fact) {
    if (fact.kind === "pending") {
      if (!this.token || !this.begun) this.adopt(fact.token);
      if (!this.pending.some((one) => one.key === fact.item.key)) this.pending.push(fact.item);
      setTimeout(() => this.pump(), 15_000); // should the other tab have gone meanwhile
    } else if (fact.kind === "line") {
      this.pending = this.pending.filter((one) => one.key !== fact.key);
      if (fact.line) this.put(fact.line);
    } else if (fact.kind === "seen") {
      this.seen = Math.max(this.seen, fact.seq);
      this.store.set({ seen: this.seen });
    }
    this.changed("lines");
    this.changed("unread");
  }

  // Another tab began the conversation: this one joins it.
  adopt(token) {
    this.store.begin();
    if (token && token !== this.token) {
      this.token = token;
      this.store.set({ token });
      this.start();
      this.line.again();
    }
  }

  changed(what) {
    this.dispatchEvent(new Event(what));
  }
}
