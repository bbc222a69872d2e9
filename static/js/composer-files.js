// Files on their way: they go to the server while the answer is still being written.
import { box, form, format, formatted, insertImage, mode, words } from "./editor.js";

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
let waiting = []; // uploads that are not done, each with its file
let overPage = 0;

const place = (which) => form(which)?.querySelector(".staged");
const size = (bytes) => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

export function show(which, found) {
  const list = place(which);
  if (!list) return;
  const under = [...list.querySelectorAll("li:not([data-key])")];
  list.replaceChildren(...found.map((file) => {
    const one = item(file.name, file.size);
    done(one, file);
    return one;
  }), ...under);
}

export function list(which) {
  return [...place(which).querySelectorAll("li[data-key]")].map((one) => JSON.parse(one.dataset.file));
}

// Resolves when nothing is being uploaded any more: true when all of it arrived.
export async function arrived(which) {
  await Promise.all(waiting.filter((one) => one.which === which).map((one) => one.over));
  return !place(which).querySelector(".staged-failed");
}

export function stage(which, chosen, { inline = false } = {}) {
  for (const file of chosen) {
    const one = item(file.name || words().picture, file.size);
    place(which).append(one);
    send(which, file, one, inline && which === "reply" && PICTURES.includes(file.type));
  }
}

function item(name, bytes) {
  const one = document.createElement("li");
  const label = Object.assign(document.createElement("span"), { className: "staged-name", textContent: name, title: name });
  const note = Object.assign(document.createElement("small"), { textContent: size(bytes) });
  const bar = document.createElement("progress");
  Object.assign(bar, { max: 100, value: 0 });
  bar.setAttribute("aria-label", name);
  const retry = Object.assign(document.createElement("button"), { type: "button", className: "staged-retry", textContent: words().retry, hidden: true });
  const leave = Object.assign(document.createElement("button"), { type: "button", className: "chip-x", textContent: "×" });
  leave.setAttribute("aria-label", words().remove.replace("{name}", name));
  leave.dataset.unstage = "";
  one.append(label, note, bar, retry, leave);
  return one;
}

function send(which, file, one, inline) {
  const key = box().dataset.key;
  const request = new XMLHttpRequest();
  const task = { which };
  task.over = new Promise((resolve) => request.addEventListener("loadend", resolve));
  task.over.then(() => { waiting = waiting.filter((other) => other !== task); });
  waiting.push(task);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) one.querySelector("progress").value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("load", () => {
    const answer = parse(request.responseText);
    if (request.status === 201) staged(one, answer, inline);
    else fail(one, answer.error || words().uploadFailed, request.status >= 500);
  });
  request.addEventListener("error", () => fail(one, words().uploadFailed, true));
  one.abort = () => request.abort();
  one.again = () => {
    one.classList.remove("staged-failed");
    one.querySelector(".staged-retry").hidden = true;
    one.querySelector("progress").hidden = false;
    one.querySelector("small").textContent = size(file.size);
    send(which, file, one, inline);
  };
  const body = new FormData();
  body.append("file", file, file.name || "image.png");
  if (inline) body.append("inline", "1");
  request.open("POST", `/tickets/${key}/files/${which}`);
  request.setRequestHeader("Accept", "application/json");
  request.send(body);
}

function staged(one, file, inline) {
  if (!one.isConnected) return;
  done(one, file);
  if (inline && formatted()) insertImage(file.url, file.name);
  document.getElementById("live").textContent = words().attached.replace("{name}", file.name);
}

function done(one, file) {
  one.dataset.key = file.key;
  one.dataset.file = JSON.stringify(file);
  one.classList.toggle("staged-inline", Boolean(file.inline));
  one.querySelector("progress").hidden = true;
  one.append(Object.assign(document.createElement("input"), { type: "hidden", name: "staged", value: file.key }));
}

function fail(one, why, again) {
  one.classList.add("staged-failed");
  one.querySelector("progress").hidden = true;
  one.querySelector("small").textContent = why;
  one.querySelector(".staged-retry").hidden = !again;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function unstage(one) {
  one.abort?.();
  if (one.dataset.key) fetch(`/tickets/${box().dataset.key}/files/${one.dataset.key}`, { method: "DELETE" }).catch(() => {});
  one.remove();
}

async function paste(event) {
  const panel = event.target.closest?.(".composer-form");
  const given = event.clipboardData;
  if (!panel || !given?.files.length || [...given.types].includes("text/plain")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const files = [...given.files];
  const pictures = files.every((file) => PICTURES.includes(file.type));
  if (panel.id === "reply-form" && pictures && !formatted()) await format();
  stage(panel.id.replace("-form", ""), files, { inline: true });
}

const carriesFiles = (event) => Boolean(box() && event.dataTransfer?.types.includes("Files") && event.target.closest?.("#conversation"));

function overlay(on) {
  overPage = on ? overPage : 0;
  document.getElementById("conversation")?.classList.toggle("dropping", on);
}

document.addEventListener("paste", paste, true);
document.addEventListener("dragenter", (event) => {
  if (!carriesFiles(event)) return;
  overPage += 1;
  overlay(true);
});
document.addEventListener("dragleave", (event) => {
  if (!carriesFiles(event)) return;
  overPage -= 1;
  if (overPage <= 0) overlay(false);
});
document.addEventListener("dragover", (event) => {
  if (carriesFiles(event)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  overlay(false);
  const inline = formatted() && Boolean(event.target.closest(".rich"));
  stage(mode(), [...event.dataTransfer.files], { inline });
}, true);
document.addEventListener("change", (event) => {
  if (!event.target.matches?.("#composer input[type=file]")) return;
  stage(event.target.closest("form").id.replace("-form", ""), [...event.target.files]);
  event.target.value = "";
});
document.addEventListener("click", (event) => {
  const one = event.target.closest?.(".staged li");
  if (one && event.target.closest("[data-unstage]")) unstage(one);
  if (one && event.target.closest(".staged-retry")) one.again();
});
