// The conversation as a mail to the visitor.
import { el, field, icon, looksLikeMail } from "./dom.js";
import { ask, complaint } from "./ask.js";

export function transcript(ctx) {
  const { say, talk } = ctx;
  const email = field(say("email"), { type: "email", autocomplete: "email", inputMode: "email", "data-first": true, value: talk.asked?.prechat?.email ?? "" });
  const wrong = el("p.problem", { role: "alert", hidden: true });
  const go = el("button.primary", { type: "submit" }, say("send"));
  const form = el("form.form", { noValidate: true, onsubmit: send }, email.holder, wrong, go);

  async function send(event) {
    event.preventDefault();
    if (!looksLikeMail(email.value())) {
      email.tell(say("need_mail"));
      return email.input.focus();
    }
    go.disabled = true;
    const answer = await ask(ctx, "widget/transcript", { email: email.value() });
    go.disabled = false;
    if (!answer.ok) {
      wrong.replaceChildren(icon("warn"), complaint(ctx, answer));
      wrong.hidden = false;
      return;
    }
    const done = el("p.note", { tabIndex: -1, role: "status" }, icon("once"), say("transcript_sent", { email: email.value() }));
    form.replaceChildren(done);
    done.focus();
  }

  return { title: say("transcript"), under: "", back: "thread", content: form };
}
