// What the launcher opens: the dialog, its views and who gets the focus. Loaded on the first interaction.
import { el, iconButton } from "./dom.js";
import { load } from "./words.js";
import { Talk } from "./talk.js";
import { home } from "./home.js";
import { article, makeLibrary } from "./articles.js";
import { thread } from "./thread.js";
import { orders } from "./orders.js";
import { flow } from "./flows.js";
import { before, needsForm } from "./before.js";
import { transcript } from "./transcript.js";
import { paint } from "./picture.js";
import { teaser } from "./teaser.js";

const VIEWS = { home, thread, orders, flow, before, transcript, article };
const PHONE = matchMedia("(max-width: 480px), (max-height: 460px)");
const FOCUSABLE = "button:not([disabled]):not([hidden]), a[href], input:not([hidden]), select, textarea, [tabindex='0']";

export async function start(parts) {
  const [say, css] = await Promise.all([load(parts), parts.sheet]);
  parts.root.adoptedStyleSheets = [...parts.root.adoptedStyleSheets, parts.style(css)];
  const talk = new Talk(parts);
  const panel = makePanel({ ...parts, say, talk }, parts);
  if (talk.store.keeping()) talk.start();
  return panel;
}

function makePanel(ctx, parts) {
  const { root, launcher, say, talk, config } = ctx;
  let view = null;
  let shown = false;

  const title = el("h2", { id: "title" });
  const under = el("p.under");
  const face = el("span.face", { "aria-hidden": "true" }, initials(config.brand?.name ?? ""));
  if (config.brand?.logo) paint(ctx, config.brand.logo, { most: 64, square: true }).then((canvas) => canvas && face.replaceChildren(canvas));
  const back = iconButton("back", say("back"), () => show(view.back ?? "home"));
  const shut = iconButton("close", say("close"), () => close());
  const extra = el("span.extra");
  const header = el("div.head", {}, back, face, el("div.heading", {}, title, under), extra, shut);
  const body = el("div.body");
  const live = el("div.unseen", { role: "status", "aria-live": "polite", "aria-atomic": "true" });
  const box = el("section.panel", { role: "dialog", "aria-labelledby": "title", hidden: true, tabIndex: -1 }, header, body, live);
  if (ctx.left) box.classList.add("left");
  root.prepend(box);

  Object.assign(ctx, { show, close, open, panel: box, announce, needsForm: () => needsForm(ctx), library: makeLibrary(ctx) });
  const tease = teaser(ctx);
  box.addEventListener("keydown", keys);
  PHONE.addEventListener("change", fit);
  if (window.visualViewport) visualViewport.addEventListener("resize", fit);
  document.addEventListener("visibilitychange", look);
  talk.addEventListener("unread", () => ctx.unread(talk.unread));
  talk.addEventListener("state", status);
  talk.addEventListener("arrived", ({ detail }) => {
    const name = detail.from?.name || config.brand?.name || say("team");
    announce(say("said", { name, text: detail.text || say("sent_file") }));
    if (!shown || view?.name !== "thread") tease.offer(detail, name);
  });
  parts.isTalking = () => shown || (talk.store.keeping() && !talk.welcomed) || talk.running;

  function show(name, given = {}) {
    view?.leave?.();
    const made = VIEWS[name](ctx, given);
    view = { name, ...made };
    body.className = `body view-${name}`;
    box.classList.toggle("at-home", name === "home");
    body.replaceChildren(...[made.content].flat());
    extra.replaceChildren(...[made.extra ?? []].flat());
    back.hidden = name === "home";
    title.textContent = made.title ?? config.brand?.name ?? say("team");
    status();
    look();
    if (shown) focus();
    made.entered?.();
  }

  function status() {
    const word = talk.state === "refused" ? say("refused") : view?.under ?? say.presence(talk, config.hours);
    under.textContent = word;
    under.hidden = !word;
    header.classList.toggle("here", talk.open && talk.agents > 0);
  }

  function open(name = "", given = {}) {
    if (!shown) {
      shown = true;
      box.hidden = false;
      launcher.setAttribute("aria-expanded", "true");
      tease.hide();
      talk.start();
      fit();
    }
    show(name || view?.name || (talk.begun ? "thread" : "home"), given);
    requestAnimationFrame(() => box.classList.add("shown"));
  }

  function close() {
    if (!shown) return;
    shown = false;
    box.classList.remove("shown");
    box.hidden = true;
    launcher.setAttribute("aria-expanded", "false");
    fit();
    look();
    launcher.focus({ preventScroll: true });
  }

  // What the shop has said by itself: it stands first, and goes along with what is written because of it.
  function answer(campaign) {
    const wanted = (config.flows ?? []).find((one) => campaign.flow && one.key === campaign.flow);
    talk.campaign = campaign.key;
    if (wanted) return open("flow", { flow: wanted });
    ctx.opener = { text: campaign.text, after: talk.last, at: new Date().toISOString(), own: false, from: { role: "bot" }, attachments: [] };
    open("thread");
  }

  function look() {
    talk.look(shown && view?.name === "thread" && !document.hidden);
  }

  function focus() {
    const wanted = body.querySelector("[data-first]") ?? body.querySelector(FOCUSABLE) ?? shut;
    wanted.focus({ preventScroll: true });
  }

  // On a telephone the dialog is the whole screen, and the page behind it is out of reach.
  function fit() {
    const whole = PHONE.matches && shown;
    box.classList.toggle("whole", PHONE.matches);
    if (whole) box.setAttribute("aria-modal", "true");
    else box.removeAttribute("aria-modal");
    launcher.hidden = whole;
    const height = window.visualViewport?.height;
    box.style.setProperty("--height", height ? `${Math.round(height)}px` : "100dvh");
  }

  function keys(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
    if (event.key !== "Tab" || !box.hasAttribute("aria-modal")) return;
    const all = [...box.querySelectorAll(FOCUSABLE)].filter((one) => one.checkVisibility?.() ?? one.offsetParent);
    const end = event.shiftKey ? all[0] : all.at(-1);
    if (root.activeElement !== end) return;
    event.preventDefault();
    (event.shiftKey ? all.at(-1) : all[0]).focus();
  }

  let quiet = 0;
  function announce(text) {
    clearTimeout(quiet);
    live.textContent = text;
    quiet = setTimeout(() => live.replaceChildren(), 8_000);
  }

  return { open, close, answer, toggle: () => (shown ? close() : open()) };
}

export function initials(name) {
  const words = name.trim().split(/\s+/).filter((one) => /[\p{L}\p{N}]/u.test(one));
  if (!words.length) return "?";
  if (!/^[\x20-\x7e\u00c0-\u024f]/.test(words[0])) return [...words[0]][0];
  return (words[0][0] + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}
