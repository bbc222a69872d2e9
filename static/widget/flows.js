// A walk through questions and answers given as data; it ends in an answer or becomes a message to a person.
import { el, icon } from "./dom.js";
import { linked, safe } from "./text.js";
import { report } from "./report.js";

export function flow(ctx, { flow: given }) {
  const { say, talk, show } = ctx;
  const path = [];
  const chosen = [];
  const list = el("ol.lines");
  const scroller = el("div.scroller", { tabIndex: 0, role: "region", "aria-label": given.title ?? given.name }, list);
  const key = given.key ?? given.id;
  go(given.start);

  function go(name) {
    const step = given.steps[name];
    if (!step) return person();
    walked(name);
    path.push(name);
    const buttons = (step.buttons ?? []).map((one) => choice(one));
    if (step.end === "answer") buttons.push(button(say("helped"), helped));
    if (!(step.buttons ?? []).some((one) => one.say || one.open === "chat")) buttons.push(button(say("talk_to_us"), person, "quiet"));
    list.append(el("li.line.theirs.first", {}, el("div.said", {}, el("div.bubble", {}, linked(step.text ?? "")), el("div.replies", {}, buttons))));
    requestAnimationFrame(() => {
      scroller.scrollTop = scroller.scrollHeight;
      if (path.length > 1) buttons[0]?.focus({ preventScroll: true });
    });
    if (path.length > 1) ctx.announce(step.text ?? "");
  }

  // Counted once, by the line if it stands, else by itself.
  function walked(step) {
    const one = { flow: key, step, ...(path.length && { before: path.at(-1) }) };
    if (talk.state !== "open" || !talk.line.send({ type: "flow", ...one })) report(ctx.address, one);
  }

  function choice(one) {
    const url = one.url && safe(one.url);
    if (url) return el("a.reply", { href: url, target: "_blank", rel: "noopener", onclick: () => walked("opened") }, one.label, icon("out"));
    return button(one.label, () => take(one));
  }

  function button(label, onclick, kind = "") {
    return el("button.reply", { onclick, className: `reply ${kind}`.trim() }, label);
  }

  function take(one) {
    if (one.open === "orders") {
      walked("opened");
      return show("orders");
    }
    chosen.push(one.label);
    answered(one.label);
    if (one.say) return person(one.say);
    if (one.open === "chat") return person();
    go(one.to);
  }

  function answered(label) {
    list.querySelectorAll(".replies").forEach((old) => old.remove());
    list.append(el("li.line.own.first", {}, el("div.said", {}, el("div.bubble", {}, label))));
  }

  function helped() {
    answered(say("helped"));
    walked("answered");
    list.append(el("li.line.theirs.first", {}, el("div.said", {}, el("div.bubble", {}, say("helped_thanks")))));
    ctx.announce(say("helped_thanks"));
    scroller.focus();
  }

  // What was chosen goes along, so that nobody has to tell it twice.
  function person(text = "") {
    const more = { flow: { key, path } };
    const said = [`${given.title ?? given.name}${chosen.length ? ` › ${chosen.join(" › ")}` : ""}`, text].filter(Boolean).join("\n");
    if (ctx.needsForm()) return show("before", { text: said, more });
    if (!text) {
      ctx.draft = `${said}\n`;
      return show("thread", { more });
    }
    talk.send(said, [], { ...more, ...(talk.begun ? {} : talk.asked) });
    show("thread");
  }

  return { title: given.title ?? given.name, content: scroller };
}
