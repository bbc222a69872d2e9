// Where an order is, for whoever knows its number and the address it was ordered with.
import { el, field, icon, looksLikeMail } from "./dom.js";
import { ask, complaint } from "./ask.js";
import { safe } from "./text.js";

const STEPS = ["placed", "not_shipped", "in_transit", "delivered"];
const STAGE = { placed: 0, not_shipped: 1, late_to_ship: 1, in_transit: 2, late: 2, delivered: 3 };
const LATE = new Set(["late", "late_to_ship"]);

export function orders(ctx) {
  const { say, config } = ctx;
  const number = field(say("order_number"), { autocomplete: "off", "data-first": true, spellcheck: false }, { hint: config.order_example || config.texts?.order_number_hint ? say("order_number_hint", { example: config.order_example }) : "" });
  const email = field(say("email"), { type: "email", autocomplete: "email", inputMode: "email" });
  const go = el("button.primary", { type: "submit" }, say("look_up"));
  const wrong = el("p.problem", { role: "alert", hidden: true });
  const form = el("form.form", { noValidate: true, onsubmit: look }, number.holder, email.holder, wrong, go);
  const content = el("div.orders", {}, form);

  async function look(event) {
    event.preventDefault();
    wrong.hidden = true;
    if (!number.value()) number.tell(say("need"));
    if (!looksLikeMail(email.value())) email.tell(say(email.value() ? "need_mail" : "need"));
    const first = form.querySelector("[aria-invalid]");
    if (first) return first.focus();
    go.disabled = true;
    go.textContent = say("looking");
    const answer = await ask(ctx, "widget/orders", { number: number.value(), email: email.value() });
    go.disabled = false;
    go.textContent = say("look_up");
    if (answer.ok && answer.body.found) return show(answer.body.order);
    wrong.replaceChildren(icon("warn"), answer.ok ? say("order_unknown") : complaint(ctx, answer));
    wrong.hidden = false;
  }

  function show(order) {
    const heading = el("h3", { tabIndex: -1 }, say("order", { number: order.number }));
    content.replaceChildren(el("article.order", {}, heading,
      order.placed_on && el("p.faint", {}, say("ordered_on", { date: say.date(order.placed_on) })),
      state(ctx, order),
      el("ul.items", {}, (order.items ?? []).map((one) => el("li", {}, el("span", {}, one.name), el("span.count", {}, `×${one.quantity}`)))),
      (order.shipments ?? []).map((one) => parcel(ctx, one)),
      el("div.actions", {},
        el("button.primary", { onclick: () => question(order) }, say("ask_about")),
        el("button.plain", { onclick: () => { content.replaceChildren(form); number.input.focus(); } }, say("another_order")))));
    heading.focus();
  }

  function question(order) {
    ctx.draft = say("about_order", { number: order.number });
    ctx.show(ctx.needsForm() ? "before" : "thread", { text: ctx.draft });
  }

  return { title: say("track"), under: "", content };
}

function state(ctx, order) {
  const stage = STAGE[order.state];
  const late = LATE.has(order.state);
  const word = el("p.state", { className: `state${late ? " late" : ""}` }, icon(late ? "clock" : stage === undefined ? "box" : stage === 3 ? "once" : "box"), ctx.say(`state_${order.state}`));
  if (stage === undefined) return word;
  return el("div.progress", {}, word, el("div.steps", { "aria-hidden": "true" }, STEPS.map((_, index) => el("i", { className: index < stage ? "done" : index === stage ? `now${late ? " late" : ""}` : "" }))));
}

function parcel(ctx, one) {
  const { say } = ctx;
  const url = safe(one.url ?? "");
  return el("div.parcel", {}, icon("box"), el("div", {},
    one.expected_on && el("strong", {}, say("expected_on", { date: say.date(one.expected_on) })),
    one.tracking_number && el("p.faint", {}, `${one.carrier ?? ""} ${say("parcel", { number: one.tracking_number })}`.trim()),
    url && el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, say("track_parcel", { carrier: one.carrier ?? "" }), icon("out"))));
}
