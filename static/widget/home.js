// The first view: what can be done here, and how soon somebody answers.
import { el, icon } from "./dom.js";
import { shelf } from "./articles.js";

export function home(ctx) {
  const { say, talk, config, show } = ctx;
  const begin = () => show(talk.begun || !ctx.needsForm() ? "thread" : "before");
  const first = card("talk", begin, true);
  const cards = [first.made];
  if (config.orders !== false) cards.push(card("box", () => show("orders"), false, say("track"), say("track_hint")).made);
  const flows = (config.flows ?? []).filter((one) => one.steps?.[one.start]);
  talk.addEventListener("state", tell);
  tell();

  // Whether somebody is there may change while it is being read.
  function tell() {
    const label = talk.begun ? say("continue") : talk.open ? say("start") : say("leave");
    first.tell(label, talk.open ? say.presence(talk) : say("closed_hint"));
  }

  return {
    content: [
      el("div.welcome", {}, el("p.greeting", {}, say("greeting")), el("p.intro", {}, say("intro"))),
      el("div.cards", {}, cards),
      shelf(ctx, flows.map((one) => el("button.topic", { onclick: () => show("flow", { flow: one }) }, el("span", {}, one.title ?? one.name), icon("next")))),
    ],
    leave: () => talk.removeEventListener("state", tell),
  };
}

function card(drawing, onclick, first, label = "", hint = "") {
  const strong = el("strong", {}, label);
  const small = el("small", {}, hint);
  const made = el("button.card", { onclick, "data-first": first }, el("span.mark", {}, icon(drawing)), el("span.words", {}, strong, small), icon("next"));
  return { made, tell: (label, hint) => [strong.textContent, small.textContent] = [label, hint] };
}
