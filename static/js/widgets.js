// Settings of a widget: fields that only matter for a choice, the colour's contrast, the preview while typing.
import "./copy.js";

const PAUSE = 700; // milliseconds after the last key until the preview is drawn again
const form = () => document.getElementById("widget-form");
let waiting = 0;

// data-shown-for="name=value": shown, and sent, only while that field has that value.
function arrange(root = document) {
  for (const part of root.querySelectorAll("[data-shown-for]")) {
    const [name, value] = part.dataset.shownFor.split("=");
    const field = part.closest("form")?.elements[name];
    const shown = (field?.value ?? "") === value;
    part.hidden = !shown;
    for (const one of part.querySelectorAll("input, select, textarea")) one.disabled = !shown;
  }
}

function draw() {
  const button = document.querySelector("[data-preview]");
  const old = document.querySelector("[name=widget-preview]");
  if (!button || !old || !form()?.contains(document.querySelector("[name=part]"))) return;
  const fresh = old.cloneNode(); // a frame's first page leaves no entry in the history
  fresh.removeAttribute("src");
  old.replaceWith(fresh);
  const files = [...form().querySelectorAll("input[type=file]:not(:disabled)")];
  for (const one of files) one.disabled = true;
  form().requestSubmit(button);
  for (const one of files) one.disabled = false;
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(draw, PAUSE);
}

const light = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
const luminance = (hex) => [1, 3, 5].map((at) => light(parseInt(hex.slice(at, at + 2), 16))).reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
function ratio(one, other) {
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

function contrast(colour) {
  const words = document.querySelector("[data-contrast-words]");
  if (!words || !/^#[0-9a-f]{6}$/i.test(colour)) return;
  const ink = ["#ffffff", "#1c1b19", "#000000"].find((one) => ratio(colour, one) >= 4.5) ?? "#000000";
  words.textContent = words.dataset.text.replace("{ratio}", ratio(colour, ink).toFixed(1));
  document.querySelector("[data-contrast-pale]").hidden = ratio(colour, "#ffffff") >= 3;
}

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-colour-picker]")) form().elements.colour.value = target.value;
  if (target.name === "colour") {
    const picker = document.querySelector("[data-colour-picker]");
    if (/^#[0-9a-f]{6}$/i.test(target.value)) picker.value = target.value;
  }
  if (target.name === "colour" || target.matches("[data-colour-picker]")) contrast(form().elements.colour.value);
  if (target.form === form() && form()) soon();
});
document.addEventListener("change", ({ target }) => {
  arrange();
  if (target.form === form() && form() && target.type !== "file") soon();
});
document.addEventListener("htmx:load", () => {
  arrange();
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.closest?.("#widget-form") || detail.target?.id === "flow") soon();
});
arrange();
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
