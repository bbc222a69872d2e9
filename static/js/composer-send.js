// Sending: what has to be done first, when it goes, and what happens without a connection.
import { area, box, changed, form, mode, read, words } from "./editor.js";
import * as drafts from "./drafts.js";
import * as envelope from "./composer-envelope.js";
import * as files from "./composer-files.js";
import * as ways from "./composer-ways.js";

const LANGUAGE_PAUSE = 1_200;
const WORTH_ASKING = 12; // characters
let asking = 0;
let fine = ""; // the ticket whose agent said that the language is meant

const which = (place) => place.id.replace("-form", "");

// How it is to be sent stands in hidden fields, whatever button was used and however it was pressed.
function say(place, { then = "stay", until = "", at = "" } = {}) {
  for (const [name, value] of Object.entries({ then, until, at })) if (place.elements[name]) place.elements[name].value = value;
}

function trouble(place, text) {
  const line = place.closest(".composer-panel").querySelector(".composer-trouble");
  line.querySelector("span").textContent = text;
  line.hidden = !text;
}

async function prepare(event) {
  const place = event.target;
  const is = which(place);
  trouble(place, "");
  if (!navigator.onLine) return offline(is);
  place.classList.add("is-sending");
  const wrong = is === "reply" && (await unsendable(place));
  if (wrong) {
    place.classList.remove("is-sending");
    return trouble(place, wrong);
  }
  const whole = await files.arrived(is);
  await drafts.rest(is);
  if (whole) return event.detail.issueRequest(true);
  stop(place);
  return trouble(place, words().filesMissing);
}

// A way chosen a moment ago is asked for first. Another ticket may have been opened meanwhile.
async function unsendable(place) {
  await ways.settled();
  return place.isConnected ? envelope.problem() || ways.problem() : "";
}

function offline(is) {
  trouble(form(is), words().notSentOffline);
  drafts.tellOffline(is);
}

function stop(place) {
  place.classList.remove("is-sending");
  drafts.goOn(which(place));
}

function schedule(button) {
  const at = button.dataset.at || box().querySelector(".send-at").value;
  const field = box().querySelector(".send-at");
  if (!at) return field.focus();
  say(form("reply"), { then: box().querySelector(".at-close").checked ? "close" : "stay", at });
  return submit();
}

function submit() {
  box().querySelector(".send-menu").open = false;
  form("reply").requestSubmit();
}

async function language() {
  const { text } = read("reply");
  const key = box()?.dataset.key;
  if (!key || fine === key || text.trim().length < WORTH_ASKING || envelope.kind() === "forward") return warn(null);
  try {
    const body = new URLSearchParams({ body: text });
    const answer = await fetch(`/tickets/${key}/language`, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.ok && box()?.dataset.key === key) warn(await answer.json());
  } catch {
    // without a connection nothing is sent either
  }
  return undefined;
}

function warn(found) {
  const strip = box()?.querySelector(".language-strip");
  if (!strip) return;
  strip.hidden = !found?.differs;
  if (!found?.differs) return;
  const said = words();
  const name = (code) => said.languages[code] ?? code;
  strip.querySelector("span").textContent = said.language.replace("{expected}", name(found.expected)).replace("{written}", name(found.written));
}

document.addEventListener("composer-input", (event) => {
  if (event.detail.mode !== "reply") return;
  clearTimeout(asking);
  asking = setTimeout(language, LANGUAGE_PAUSE);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("#reply-form, #note-form")) return;
  const button = event.submitter;
  if (button) say(event.target, { then: button.dataset.then, until: button.dataset.until });
}, true);
document.addEventListener("htmx:confirm", (event) => {
  if (!event.target.matches?.("#reply-form, #note-form")) return;
  event.preventDefault();
  if (!event.target.classList.contains("is-sending")) prepare(event);
});
// By the status: htmx calls nothing successful that leads elsewhere, and what was sent would be kept as a draft again.
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt: place, xhr } = event.detail;
  const done = xhr.status >= 200 && xhr.status < 300;
  if (place.matches?.("#reply-form, #note-form") && place.isConnected && !done) stop(place);
});
document.addEventListener("htmx:sendError", (event) => {
  if (event.detail.elt.matches?.("#reply-form, #note-form")) offline(which(event.detail.elt));
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-schedule]");
  if (button) schedule(button);
  if (event.target.closest?.(".language-strip button")) {
    fine = box().dataset.key;
    warn(null);
    area().focus();
  }
});
// Names in the form are for pages without a script; with one the hidden fields speak.
document.addEventListener("composer-fresh", () => {
  for (const button of box().querySelectorAll("button[name=then]")) button.removeAttribute("name");
  warn(null);
});
document.addEventListener("composer-facts", (event) => {
  const list = box().querySelector(".send-times");
  list.replaceChildren(...(event.detail.times || []).map(({ at, words: said }) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: said });
    button.dataset.schedule = "";
    button.dataset.at = at;
    return button;
  }));
  const field = box().querySelector(".send-at");
  field.min = event.detail.now;
  if (mode() === "reply") changed();
});
