// Five stars at the end of a conversation, with a word if somebody likes.
import { el, field, icon } from "./dom.js";

export function rating(ctx) {
  const { say, talk } = ctx;
  const given = talk.store.get("rated");
  if (given && given === talk.last) return el("p.thanks", {}, say("rate_thanks"));
  const comment = field(say("rate_comment"), { rows: 2 }, { kind: "textarea" });
  const name = el("p.score", { "aria-hidden": "true" });
  const send = el("button.primary", { type: "submit" }, say("rate_send"));
  const more = el("div.more", { hidden: true }, comment.holder, send);
  const stars = [1, 2, 3, 4, 5].map((score) => el("label.star", { title: say(`score_${score}`) },
    el("input", { type: "radio", name: "score", value: score, "aria-label": say(`score_${score}`), onchange: () => choose(score) }), icon("star")));
  const form = el("form.rating", { onsubmit: submit }, el("fieldset", {}, el("legend", {}, say("rate")), el("div.stars", {}, stars), name), more);
  let chosen = 0;

  function choose(score) {
    chosen = score;
    stars.forEach((star, index) => star.classList.toggle("on", index < score));
    name.textContent = say(`score_${score}`);
    more.hidden = false;
    form.scrollIntoView?.({ block: "nearest" });
  }

  function submit(event) {
    event.preventDefault();
    if (!chosen || !talk.rate(chosen, comment.value())) return ctx.announce(say("failed"));
    talk.store.set({ rated: talk.last });
    const thanks = el("p.thanks", { tabIndex: -1 }, say("rate_thanks"));
    form.replaceWith(thanks);
    thanks.focus();
    ctx.announce(say("rate_thanks"));
  }

  return form;
}
