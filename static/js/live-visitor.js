// What a chat's visitor does just now, as /live tells it: the page they look at, what they are about to say, how far
// they have read. Drawn into every [data-visitor] that names the ticket, again after each refresh; kept nowhere.
const TYPING = 6_000; // milliseconds after the last word of it
const known = new Map();
const places = (attribute, ticket) => [...document.querySelectorAll(`[${attribute}="${CSS.escape(ticket)}"]`)];

export function visitor({ ticket, visitor: said }) {
  const now = known.get(ticket) ?? {};
  clearTimeout(now.timer);
  const typing = Boolean(said.typing);
  const timer = typing ? setTimeout(quiet, TYPING, ticket) : 0;
  known.set(ticket, { ...now, ...said, typing, preview: typing ? said.preview ?? "" : "", timer });
  draw(ticket);
}

// They have said it, or thought better of it.
export function quiet(ticket) {
  const now = known.get(ticket);
  if (!now) return;
  clearTimeout(now.timer);
  Object.assign(now, { typing: false, preview: "" });
  draw(ticket);
}

export function paintVisitors() {
  for (const ticket of known.keys()) draw(ticket);
}

function draw(ticket) {
  const now = known.get(ticket);
  for (const place of places("data-visitor", ticket)) line(place, now);
  for (const place of places("data-visitor-typing", ticket)) {
    const words = now.preview || place.dataset.words;
    if (now.typing && place.lastElementChild.textContent !== words) place.lastElementChild.textContent = words;
    place.hidden = !now.typing;
  }
}

function line(place, { online, page, title, read }) {
  const here = online === false ? "0" : "1";
  if (place.dataset.online !== here) {
    place.dataset.online = here;
    const spoken = place.querySelector(".visitor-here");
    spoken.textContent = place.dataset[here === "1" ? "here" : "gone"];
  }
  const link = place.querySelector(".visitor-page");
  if (link && page && /^https?:/i.test(page) && link.getAttribute("href") !== page) {
    Object.assign(link, { href: page, textContent: title || page.replace(/^https?:\/\//i, ""), title: page, hidden: false });
  }
  if (read && Number(place.dataset.read || 0) < read) {
    place.dataset.read = String(read);
    place.dispatchEvent(new CustomEvent("visitor-read", { bubbles: true, detail: { read } }));
  }
  const mark = place.querySelector(".visitor-read");
  if (!mark) return;
  const said = Number(place.dataset.said);
  const words = !said ? "" : Number(place.dataset.read) >= said ? mark.dataset.read : mark.dataset.unread;
  if (mark.textContent !== words) mark.textContent = words;
}
