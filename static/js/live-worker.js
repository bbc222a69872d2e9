// One connection for all windows of this browser. Ends with the last of them.
import { Line } from "./live-line.js";

const KEPT = 300;
const GONE = 70_000; // a window says where it is every 20 s; one that crashed does not
const ports = new Map();
const there = new Map();
const recent = [];
let since = ""; // the position before the first of `recent`
let state = { name: "down" };
let greeting = null;
let pace = null;

const line = new Line(`${location.origin.replace(/^http/, "ws")}/live`, (fact) => {
  if (["up", "down", "signed-out"].includes(fact.name)) state = fact;
  if (fact.name === "hello") {
    greeting = fact;
    there.clear();
    if (!since || epoch(since) !== epoch(fact.at)) {
      since = fact.at;
      recent.length = 0;
    }
  }
  if (fact.name === "pace") pace = fact;
  if (fact.name === "presence") there.set(fact.ticket, fact);
  if (fact.seq) {
    recent.push(fact);
    if (recent.length > KEPT) since = `${epoch(since)}.${recent.shift().seq}`;
  }
  for (const port of ports.keys()) port.postMessage([fact]);
});

const epoch = (position) => position.split(".")[0];
const number = (position) => Number(position.split(".")[1]);

// A window that was drawn at `position` hears what came since.
function join(port, position) {
  if (!line.socket && !line.timer && !since) {
    line.position = position;
    since = position;
    line.open();
    return;
  }
  if (line.over) {
    line.over = false;
    line.open();
  }
  const known = epoch(position) === epoch(since) && number(position) >= number(since);
  const missed = known ? recent.filter((fact) => fact.seq > number(position)) : [{ name: "reload" }];
  port.postMessage([state, greeting, pace, ...there.values(), ...missed].filter(Boolean));
}

function stand() {
  const at = {};
  for (const [port, window] of ports) {
    if (Date.now() - window.heard > GONE) window.at = {};
    for (const [key, mood] of Object.entries(ports.get(port).at)) if (!at[key] || mood === "typing" || at[key] === "viewing") at[key] = mood;
  }
  line.stand(at);
}

globalThis.onconnect = ({ ports: [port] }) => {
  ports.set(port, { at: {}, heard: Date.now() });
  port.onmessage = ({ data }) => {
    if (data.bye) ports.delete(port);
    else {
      if (!ports.has(port)) ports.set(port, { at: {}, heard: 0 });
      ports.get(port).heard = Date.now();
    }
    if (data.join !== undefined) join(port, data.join);
    if (data.at) ports.get(port).at = data.at;
    stand();
  };
};
setInterval(stand, 10_000);
