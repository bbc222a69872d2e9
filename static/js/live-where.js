// Which ticket this window shows, and whether its agent is writing there.
const PAUSE = 4_000; // after the last key it is no longer typing
let lastKey = 0;
let written = "";

const open = () => document.getElementById("conversation")?.dataset.key;
const inside = (element) => element?.closest?.("#composer");

document.addEventListener("input", (event) => {
  if (!inside(event.target)) return;
  lastKey = Date.now();
  written = open();
}, true);
document.addEventListener("composer-sent", () => {
  lastKey = 0;
  written = "";
});

function mood(key) {
  if (written !== key) return "viewing";
  if (Date.now() - lastKey < PAUSE) return "typing";
  return inside(document.activeElement) ? "replying" : "viewing";
}

// [key] or, with moods, [[key, mood]]: empty where no ticket is open.
export function current(moods = false) {
  const key = open();
  if (!key) return [];
  return [moods ? [key, mood(key)] : key];
}
