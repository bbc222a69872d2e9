// The first view: what can be done here, and how soon somebody answers.
import { el, icon } from "./dom.js";

export function home(ctx) {
  const { say, talk, config, show } = ctx;
  const begin = () => show(talk.begun ? "thread" : ctx.needsForm() ? "before" : "thread");
  const label = talk.begun ? say("continue") : talk.open ? say("start") : say("leave");
  const hint = talk.open ? say.presence(talk) : say("closed_hint");
  const cards = [card("talk", label, hint, begin, true)];
  if (config.orders !== false) cards.push(card("box", say("track"), say("track_hint"), () => show("orders")));
  const flows = (config.flows ?? []).filter((one) => one.steps?.[one.start]);
  return {
    content: [
      el("div.welcome", {}, el("p.greeting", {}, say("greeting")), el("p.intro", {}, say("intro"))),
      el("div.cards", {}, cards),
      flows.length > 0 && el("div.topics", {}, el("h3", {}, say("topics")), el("ul", {}, flows.map((one) => el("li", {},
        el("button.topic", { onclick: () => show("flow", { flow: one }) }, el("span", {}, one.title ?? one.name), icon("next")))))),
    ].filter(Boolean),
  };
}

function card(drawing, label, hint, onclick, first = false) {
  return el("button.card", { onclick, "data-first": first }, el("span.mark", {}, icon(drawing)), el("span.words", {}, el("strong", {}, label), el("small", {}, hint)), icon("next"));
}
