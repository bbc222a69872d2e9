// Elements without markup as text: the strictest content policy of a shop has nothing to object to.
const SVG = "http://www.w3.org/2000/svg";

// el("button.icon", { onclick, "aria-label": "…", hidden: true }, "text", other) -> the element.
export function el(what, given = {}, ...inside) {
  const [name, ...classes] = what.split(".");
  const made = document.createElement(name || "div");
  if (classes.length) made.className = classes.join(" ");
  if (name === "button") made.type = "button";
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && !key.includes("-") && key !== "list") made[key] = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

// Drawn for this widget on a grid of 24.
const DRAWINGS = {
  back: "M14.5 6L8.5 12l6 6",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  down: "M6 9.5l6 6 6-6",
  next: "M9.5 6l6 6-6 6",
  send: "M12 19V5.5M6 11l6-6 6 6",
  clip: "M19.5 11.5l-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8.3-8.3a3.1 3.1 0 0 1 4.4 4.4l-8.2 8.2a1.55 1.55 0 0 1-2.2-2.2l7.3-7.3",
  smile: "M12 3.2a8.8 8.8 0 1 0 0 17.6 8.8 8.8 0 0 0 0-17.6ZM8.3 14.2c1.9 2.6 5.5 2.6 7.4 0M9 9.3v.9M15 9.3v.9",
  box: "M4 8l8-4.3L20 8v8.3l-8 4.2-8-4.2ZM4.3 8.2l7.7 4.1 7.7-4.1M12 12.5v7.7M8 5.9l8 4.3",
  talk: "M12 4c-5 0-8.8 3.2-8.8 7.3 0 2.2 1.1 4 2.9 5.4L5.5 20l4-1.9c.8.2 1.6.3 2.5.3 5 0 8.8-3.2 8.8-7.1S17 4 12 4Z",
  mail: "M3.5 6h17v12.5h-17ZM4 6.5l8 6.2 8-6.2",
  clock: "M12 3.2a8.8 8.8 0 1 0 0 17.6 8.8 8.8 0 0 0 0-17.6ZM12 7.5V12l3 2",
  file: "M6 3.5h7.5L18.5 8.5v12H6ZM13.5 3.5v5h5",
  once: "M5 12.5l4.5 4.5L19 7.5",
  twice: "M2.5 12.5L7 17l9-9.5M12 16l1 1 9-9.5",
  warn: "M12 3.2a8.8 8.8 0 1 0 0 17.6 8.8 8.8 0 0 0 0-17.6ZM12 7.8v5M12 16.2v.1",
  star: "M12 3.8l2.6 5.2 5.7.8-4.1 4 1 5.7-5.2-2.7-5.1 2.7 1-5.7-4.2-4 5.7-.8Z",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.3 15.3l4.7 4.7",
  out: "M13.5 4.5h6v6M19 5l-8.5 8.5M10 5.5H5v13.5h13.5V14",
  help: "M12 3.2a8.8 8.8 0 1 0 0 17.6 8.8 8.8 0 0 0 0-17.6ZM9.5 9.5c.2-1.6 1.2-2.3 2.5-2.3 1.5 0 2.6.9 2.6 2.3 0 2-2.6 2-2.6 4M12 16.6v.1",
  image: "M4 5h16v14H4ZM4.5 17l4.5-4.5 3 3 3.5-4L19.5 16M8.5 9.2v.1",
};

export function icon(name) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("viewBox", "0 0 24 24");
  made.setAttribute("class", `icon icon-${name}`);
  made.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", DRAWINGS[name]);
  made.append(path);
  return made;
}

// A button that is an icon alone, with its name for those who do not see it.
export const iconButton = (name, label, onclick, more = {}) => el("button.icon-button", { "aria-label": label, title: label, onclick, ...more }, icon(name));

let number = 0;
export const unique = (stem) => `${stem}-${++number}`;

// A labelled field with a place for what is wrong with it.
export function field(label, given = {}, { hint = "", kind = "input" } = {}) {
  const id = unique("f");
  const input = el(kind, { id, ...given });
  const wrong = el("p.wrong", { id: `${id}-wrong`, hidden: true });
  const note = hint ? el("p.hint", { id: `${id}-hint` }, hint) : null;
  input.setAttribute("aria-describedby", `${hint ? `${id}-hint ` : ""}${id}-wrong`);
  input.addEventListener("input", () => tell(input, ""));
  const holder = el("div.field", {}, el("label", { htmlFor: id }, label), input, note, wrong);
  return { holder, input, tell: (text) => tell(input, text), value: () => input.value.trim() };
}

function tell(input, text) {
  const wrong = input.parentNode.querySelector(".wrong");
  wrong.textContent = text;
  wrong.hidden = !text;
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

export const looksLikeMail = (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
