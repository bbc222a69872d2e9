// Articles of the brand: found by words, suggested while somebody writes, read inside the chat.
import { el, field, icon } from "./dom.js";
import { ask } from "./ask.js";
import { marked } from "./markup.js";
import { picture } from "./picture.js";

const PAUSE = 450; // milliseconds without a key before it is asked
const FEWEST = { ja: 2, en: 4 }; // characters
const SHOWN = 3;

// -> what the views ask; `some` tells whether the brand has articles at all, once that is known.
export function makeLibrary(ctx) {
  const kept = new Map();
  const get = async (path, more) => {
    const answer = await fetch(ctx.address(path, { lang: ctx.lang, ...more }), { credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };
  const library = {
    some: undefined,
    async find(words) {
      if (!kept.has(words)) {
        const asked = get("widget/articles", words ? { q: words } : {}).then((body) => body.articles ?? []);
        kept.set(words, asked);
        asked.catch(() => kept.delete(words));
      }
      const found = await kept.get(words).catch(() => []);
      if (!words) library.some = found.length > 0;
      return found;
    },
    read: (key) => get(`widget/articles/${encodeURIComponent(key)}`),
    vote: (key, helpful) => ask(ctx, `widget/articles/${encodeURIComponent(key)}/helpful`, { helpful }),
  };
  return library;
}

// The first view's list: walks, the articles that the team put first, and a field that looks for others.
export function shelf(ctx, walks) {
  const { say, library } = ctx;
  const search = field(say("search_help"), { type: "search", placeholder: say("search_help"), autocomplete: "off", enterKeyHint: "search", maxLength: 200 });
  const form = el("form", { role: "search", hidden: !library.some, onsubmit: (event) => event.preventDefault() }, icon("search"), search.holder);
  const heading = el("h3");
  const list = el("ul");
  const none = el("p.none", {}, say("found_none"));
  const content = el("div.topics.shelf", {}, form, heading, list, none);
  let first = [];
  const look = paused(async () => {
    const words = search.value();
    const found = words ? await library.find(words) : [];
    if (words !== search.value()) return;
    draw(found);
    if (words) ctx.announce(found.length ? say("found", { n: found.length }) : say("found_none"));
  });
  search.input.value = ctx.sought ?? "";
  search.input.addEventListener("input", (event) => {
    ctx.sought = search.value();
    if (!event.isComposing) look();
  });
  search.input.addEventListener("compositionend", look);
  draw([]);
  library.find("").then(async (found) => {
    first = found.slice(0, SHOWN);
    form.hidden = !first.length;
    draw(search.value() ? await library.find(search.value()) : []);
  });

  function draw(found) {
    const sought = Boolean(search.value());
    const rows = sought ? found.map((one) => topic(ctx, one, "home")) : [...walks, ...first.map((one) => topic(ctx, one, "home"))];
    heading.textContent = say(sought ? "help" : "topics");
    list.replaceChildren(...rows.map((one) => el("li", {}, one)));
    list.hidden = heading.hidden = !rows.length;
    none.hidden = !sought || rows.length > 0;
    content.hidden = !rows.length && !sought;
  }

  return content;
}

function topic(ctx, one, back) {
  return el("button.topic", { onclick: () => ctx.show("article", { ...one, back }) },
    el("span.words", {}, el("span", { lang: one.language }, one.title), one.language && el("small", {}, ctx.say("other_language"))), icon("next"));
}

// What may answer a first message while it is being written. Out of the way as soon as somebody talks.
export function suggestions(ctx, area, back) {
  const { say, library, talk } = ctx;
  const list = el("ul");
  const content = el("section.suggested", { hidden: true, "aria-label": say("may_help") },
    el("p", {}, icon("help"), say("may_help"), el("button.icon-button", { "aria-label": say("close_suggestions"), title: say("close_suggestions"), onclick: dismiss }, icon("close"))), list);
  let shown = "";
  const look = paused(async () => {
    const words = area.value.trim();
    if (ctx.noSuggestions || talk.begun || words.length < FEWEST[ctx.lang]) return draw([]);
    if (library.some === undefined) await library.find("");
    if (!library.some) return;
    const found = await library.find(words.slice(0, 200));
    if (words === area.value.trim()) draw(found.slice(0, SHOWN));
  });
  area.addEventListener("input", (event) => event.isComposing || look());
  area.addEventListener("compositionend", look);
  if (area.value) look();

  function draw(found) {
    const keys = found.map((one) => one.key).join();
    if (keys === shown) return;
    shown = keys;
    list.replaceChildren(...found.map((one) => el("li", {}, topic(ctx, one, back))));
    content.hidden = !found.length;
    if (found.length) ctx.announce(say("found", { n: found.length }));
  }

  function dismiss() {
    ctx.noSuggestions = true;
    draw([]);
    area.focus();
  }

  return { content, clear: () => draw([]) };
}

export function article(ctx, { key, title = "", back = "home" }) {
  const { say, library } = ctx;
  const heading = el("h3", { tabIndex: -1, "data-first": true }, title);
  const text = el("div.rich", {}, el("p.faint", {}, say("looking")));
  const content = el("article.article", {}, heading, text);
  load();

  async function load() {
    try {
      const told = await library.read(key);
      heading.textContent = told.title;
      text.replaceChildren(marked(told.html ?? "", (url, alt) => picture(ctx, { url, name: alt, open: true })));
      if (told.language && told.language !== ctx.lang) text.lang = heading.lang = told.language;
      content.append(told.updated_at ? el("p.faint", {}, say("updated", { date: say.on(told.updated_at) })) : "", vote(ctx, key, back));
    } catch {
      text.replaceChildren(el("p.problem", { role: "alert" }, icon("warn"), say("failed"), el("button.link", { onclick: load }, say("retry"))));
    }
  }

  return { title: say("help"), under: "", back, content };
}

function vote(ctx, key, back) {
  const { say, library, talk } = ctx;
  const person = () => el("button.plain", { onclick: () => ctx.show(back === "home" ? (talk.begun || !ctx.needsForm() ? "thread" : "before") : back) }, say("talk_to_us"));
  const box = el("div.vote", { role: "group", "aria-label": say("did_help") }, el("p", {}, say("did_help")),
    el("div.replies", {}, answer("yes", true), answer("no", false)));

  function answer(word, helpful) {
    return el("button.reply", { onclick: () => tell(helpful) }, say(word));
  }

  function tell(helpful) {
    library.vote(key, helpful);
    const thanks = el("p", { tabIndex: -1 }, say(helpful ? "vote_thanks" : "vote_sorry"));
    box.replaceChildren(thanks, helpful ? "" : person());
    thanks.focus();
  }

  return box;
}

function paused(run) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, PAUSE);
  };
}
