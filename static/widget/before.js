// The form before a first message: who is writing, and their consent. Outside business hours it takes the message as well.
import { el, field, looksLikeMail } from "./dom.js";
import { safe } from "./text.js";
import { suggestions } from "./articles.js";

const TYPES = new Set(["text", "email", "tel", "textarea", "select", "number", "url", "date"]);
const FILLS = { name: "name", email: "email", phone: "tel", tel: "tel" };

export function needsForm(ctx) {
  const { talk, config, user, hash } = ctx;
  if (talk.begun || talk.asked) return false;
  const known = user && hash;
  return !talk.open ? !known : Boolean(config.consent?.text || (config.prechat?.length && !known));
}

export function before(ctx, { text = "", more = {} } = {}) {
  const { say, talk, config, show } = ctx;
  const late = !talk.open;
  const wanted = late ? withMail(config.prechat ?? [], say) : config.prechat ?? [];
  const fields = wanted.map((one) => ({ ...one, ...make(one, ctx) }));
  const message = late ? field(say("message"), { rows: 5, value: text || ctx.draft || "" }, { kind: "textarea" }) : null;
  const suggested = message && suggestions(ctx, message.input, "before");
  const consent = config.consent?.text ? agreement(ctx) : null;
  if (!late && text) ctx.draft = text;

  const form = el("form.form", { noValidate: true, onsubmit: send },
    el("p.lead", {}, late ? say("closed_hint") : say("before_hint")),
    fields.map((one) => one.holder), message?.holder, suggested?.content, consent?.holder,
    el("button.primary", { type: "submit" }, late ? say("send") : say("begin")));

  message?.input.addEventListener("input", () => { ctx.draft = message.value(); });

  function send(event) {
    event.preventDefault();
    const wrong = [...fields.filter((one) => !check(one, say)), message && !filled(message, say) && message, consent && !consent.check() && consent].filter(Boolean);
    if (wrong.length) return wrong[0].input.focus();
    const prechat = Object.fromEntries(fields.map((one) => [one.name, one.value()]).filter(([, value]) => value));
    talk.asked = { prechat, ...(consent && { consent: true }) };
    if (!late) return show("thread", { more });
    talk.send(message.value(), [], { ...more, ...talk.asked });
    ctx.draft = "";
    ctx.announce(say("offline_sent", { email: prechat.email ?? "" }));
    show("thread", { note: say("offline_sent", { email: prechat.email ?? "" }) });
  }

  return { title: late ? say("leave") : say("before"), content: form };
}

// Nobody is here to answer at once: without an address there would be no answer.
function withMail(fields, say) {
  if (fields.some((one) => one.type === "email")) return fields.map((one) => (one.type === "email" ? { ...one, required: true } : one));
  return [...(fields.length ? fields : [{ name: "name", label: say("name"), type: "text" }]), { name: "email", label: say("email"), type: "email", required: true }];
}

function make(one, { say }) {
  const type = TYPES.has(one.type) ? one.type : "text";
  const label = one.required ? one.label : `${one.label} (${say("optional")})`;
  const given = { name: one.name, autocomplete: FILLS[one.name] ?? FILLS[type] ?? "off" };
  if (one.required) given["aria-required"] = "true";
  if (type === "textarea") return field(label, { ...given, rows: 3 }, { kind: "textarea" });
  if (type !== "select") return field(label, { ...given, type, inputMode: type === "email" ? "email" : undefined });
  const made = field(label, given, { kind: "select" });
  made.input.append(el("option", { value: "" }, "–"), ...(one.options ?? []).map((option) => el("option", { value: option.value ?? option }, option.label ?? option)));
  return made;
}

function check(one, say) {
  const value = one.value();
  if (one.required && !value) return Boolean(one.tell(say("need")));
  if (value && one.type === "email" && !looksLikeMail(value)) return Boolean(one.tell(say("need_mail")));
  return true;
}

function filled(one, say) {
  return one.value() ? true : Boolean(one.tell(say("need")));
}

function agreement({ say, config }) {
  const input = el("input", { type: "checkbox", id: "consent", "aria-describedby": "consent-wrong" });
  const wrong = el("p.wrong", { id: "consent-wrong", hidden: true }, say("need_consent"));
  const url = safe(config.consent.url ?? "");
  input.addEventListener("change", () => { wrong.hidden = true; });
  const holder = el("div.field.consent", {}, input, el("label", { htmlFor: "consent" }, config.consent.text),
    url && el("a", { href: url, target: "_blank", rel: "noopener" }, say("privacy")), wrong);
  return { holder, input, check: () => input.checked || ((wrong.hidden = false), false) };
}
