// How long the words are as the channel counts them, and in how many messages they go.
import { area, box, words } from "./editor.js";

const PAUSE = 400;
const NEAR = 0.8; // of the longest message
const COUNTS = {
  characters: (text) => [...text].length,
  utf16: (text) => text.length,
  utf8: (text) => new TextEncoder().encode(text).length,
};
let asking = 0;
let asked = 0;

export function measure({ longest, measure: by, kind }) {
  const line = box()?.querySelector(".length");
  if (!line) return;
  clearTimeout(asking);
  const text = area("reply").value.trim();
  const most = Number(longest);
  const used = most ? COUNTS[by](text) : 0;
  line.hidden = !most || used < NEAR * most;
  if (line.hidden) return;
  if (used <= most) say(line, words().lengths, { used, most });
  else asking = setTimeout(count, PAUSE, line, text, used, kind);
}

async function count(line, text, used, kind) {
  asked += 1;
  const mine = asked;
  try {
    const answer = await fetch("/compose/pieces", { method: "POST", body: new URLSearchParams({ body: text, kind }), headers: { Accept: "application/json" } });
    if (answer.ok && mine === asked && line.isConnected) say(line, words().parts, { used, n: (await answer.json()).messages });
  } catch {
    // without a connection nothing is sent either
  }
}

function say(line, pattern, values) {
  const told = Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value.toLocaleString(document.documentElement.lang)), pattern);
  if (line.textContent !== told) line.textContent = told;
}
