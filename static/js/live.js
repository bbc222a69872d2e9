// Facts from the server become events on <body>: inbox-changed, ticket-<key>, agent-changed, model-changed. Fragments that listen
// ask for themselves again. While the line is down they are asked to every so often, and slowly also while it stands.
import { Line } from "./live-line.js";
import { forget, paint, show } from "./live-presence.js";
import { signal } from "./live-signal.js";
import { paintVisitors, quiet, visitor } from "./live-visitor.js";
import { current } from "./live-where.js";

const base = document.getElementById("line");
const SAFETY = 90_000;
const WITHOUT = 15_000;
const REPEAT = 20_000;
const PANEL = new Set(["points_granted", "points_requested", "points_refused", "ticket_order_linked", "ticket_order_unlinked"]);
let rest = 300; // milliseconds between two refreshes of a list; the server asks for more when many watch
let up = false;
let lastLook = Date.now();
const waiting = new Map();

const dispatch = (name) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true }));

// Many facts become one event. A hidden window waits until it is looked at; the waiting is random so that windows take turns.
function soon(name, within) {
  if (waiting.has(name)) return;
  const { last = 0 } = soon[name] ?? {};
  const wait = Math.max(last + within - Date.now(), 0) + Math.random() * within;
  waiting.set(name, document.hidden ? 0 : setTimeout(now, wait, name));
}

function now(name) {
  waiting.delete(name);
  soon[name] = { last: Date.now() };
  dispatch(name);
}

function everything() {
  lastLook = Date.now();
  for (const name of ["inbox-changed", "agent-changed", "model-changed", ...current().map((key) => `ticket-${key}`)]) soon(name, rest);
}

function take(fact) {
  if (fact.rest) rest = fact.rest;
  if (fact.name === "up" || fact.name === "down") turn(fact.name === "up");
  else if (fact.name === "signed-out") say(base.dataset.signedOut);
  else if (fact.name === "hello") forget();
  else if (fact.name === "presence") show(fact);
  else if (fact.name === "visitor") visitor(fact);
  else if (fact.name === "reload" || fact.name === "changed") everything();
  else if (fact.seq) {
    if (fact.you) soon("agent-changed", 100);
    if (fact.ticket) {
      if ([fact.name, ...(fact.also ?? [])].includes("message_received")) quiet(fact.ticket);
      soon(`ticket-${fact.ticket}`, 100);
      if (!fact.you) soon("inbox-changed", rest);
      if ([fact.name, ...(fact.also ?? [])].some((name) => PANEL.has(name)) && current().includes(fact.ticket)) soon("panel-changed", 100);
    }
    if ([fact.name, ...(fact.also ?? [])].some((name) => name.startsWith("model_"))) soon("model-changed", 200);
    signal(fact);
  }
}

let hiccup = 0;
function turn(stands) {
  up = stands;
  document.documentElement.dataset.live = stands ? "up" : "down";
  if (!stands) hiccup ||= setTimeout(say, 3_000, base.dataset.down);
  else {
    hiccup = clearTimeout(hiccup);
    say("");
  }
}

function say(words) {
  if (base.textContent !== words) base.textContent = words;
}

// A worker holds the line for all windows where the browser has one; else every window its own.
function connect() {
  const at = base.dataset.at;
  try {
    const worker = new SharedWorker(base.dataset.worker, { type: "module", name: base.dataset.me });
    worker.port.onmessage = ({ data }) => data.forEach(take);
    worker.onerror = () => alone(at);
    worker.port.postMessage({ join: at });
    addEventListener("pagehide", () => worker.port.postMessage({ bye: true }));
    addEventListener("pageshow", (event) => event.persisted && worker.port.postMessage({ join: at }));
    stand = (places) => worker.port.postMessage({ at: places });
  } catch {
    alone(at);
  }
}

function alone(at) {
  const line = new Line(`${location.origin.replace(/^http/, "ws")}${base.dataset.live}`, take);
  line.position = at;
  line.open();
  stand = (places) => line.stand(places);
}

let stand = () => {};
let told = "";
let toldAt = 0;
function where() {
  const places = Object.fromEntries(document.hidden ? [] : current(true));
  const words = JSON.stringify(places);
  if (words === told && Date.now() - toldAt < REPEAT) return;
  told = words;
  toldAt = Date.now();
  stand(places);
}

if (base) {
  connect();
  setInterval(where, 1_000);
  setInterval(() => Date.now() - lastLook > (up ? SAFETY : WITHOUT) && everything(), 5_000);
  for (const name of ["input", "focusin", "focusout"]) document.addEventListener(name, (event) => event.target.closest?.("#composer, .chat-composer") && where());
  document.addEventListener("htmx:afterSettle", where);
  document.addEventListener("visibilitychange", () => {
    where();
    if (!document.hidden) for (const [name, timer] of [...waiting]) timer || now(name);
  });
  for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) {
    document.addEventListener(name, paint);
    document.addEventListener(name, paintVisitors);
  }
}
