// Which tickets this window shows, and what its agent does there. Visitors of a chat hear of "typing" alone: what is
// written to colleagues, or passed on to somebody else, is none of theirs.
const PAUSE = 4_000; // after the last key it is no longer typing
const keys = new Map(); // by ticket: when a key was pressed last, and in what

const PLACES = "#conversation[data-key], .chat[data-key]";
const open = () => [...document.querySelectorAll(PLACES)].filter((place) => place.checkVisibility());
const writing = (element) => element?.closest?.("#composer, .chat-composer");
const placeOf = (element) => writing(element)?.closest(PLACES);

// "note" is for colleagues, "reply" for who is there to hear it.
function side(element) {
  const composer = writing(element);
  return composer.dataset.mode === "note" ? "note" : composer.dataset.kind === "forward" ? "forward" : "reply";
}

document.addEventListener("input", ({ target }) => {
  const place = placeOf(target);
  if (place) keys.set(place.dataset.key, { at: Date.now(), side: side(target) });
}, true);
document.addEventListener("composer-sent", ({ detail }) => keys.delete(detail.key));

function mood(place) {
  const last = keys.get(place.dataset.key);
  const here = document.activeElement;
  if (last?.side === "reply" && Date.now() - last.at < PAUSE) return "typing";
  if (placeOf(here) !== place || !last) return "viewing";
  return side(here) === "note" ? "noting" : "replying";
}

// [key, …] or, with moods, [[key, mood], …]: empty where no ticket is open.
export function current(moods = false) {
  return open().map((place) => (moods ? [place.dataset.key, mood(place)] : place.dataset.key));
}
