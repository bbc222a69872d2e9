// Who else is in a ticket, drawn into every [data-presence] that names it or stands in its row; again after each refresh.
const base = document.getElementById("line");
const MOST = 3;
const there = new Map();

export function show({ ticket, who }) {
  const others = who.filter((one) => one.agent !== base.dataset.me);
  if (others.length) there.set(ticket, others);
  else there.delete(ticket);
  paint();
}

export function forget() {
  there.clear();
  paint();
}

export function paint() {
  for (const place of document.querySelectorAll("[data-presence]")) {
    const people = there.get(place.dataset.presence || place.closest("[data-key]")?.dataset.key) ?? [];
    const said = JSON.stringify(people);
    if ((place.dataset.shown ?? "[]") === said && place.childElementCount === Math.min(people.length, MOST + 1)) continue;
    place.dataset.shown = said;
    place.replaceChildren(...people.slice(0, MOST).map(face), ...more(people.slice(MOST)));
  }
}

function face({ name, state }) {
  const words = (base.dataset[state] ?? "{name}").replace("{name}", name);
  return mark(`present present-${state}`, initials(name), words);
}

function more(people) {
  return people.length ? [mark("present", `+${people.length}`, people.map((one) => one.name).join(", "))] : [];
}

function mark(className, letters, words) {
  const element = Object.assign(document.createElement("span"), { className, title: words });
  const shown = Object.assign(document.createElement("span"), { textContent: letters });
  shown.setAttribute("aria-hidden", "true");
  const spoken = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: `${words}. ` });
  element.append(shown, spoken);
  return element;
}

// One character of a Japanese name, two letters of others.
function initials(name) {
  const words = name.trim().split(/\s+/);
  if (!words[0]) return "?";
  const letter = (word) => [...word][0].toUpperCase();
  if (words[0].codePointAt(0) > 127) return letter(words[0]);
  return letter(words[0]) + (words.length > 1 ? letter(words.at(-1)) : "");
}
