// A new answer while the chat is shut: its first line beside the launcher, to open or to wave away.
import { el, iconButton } from "./dom.js";
import { portrait } from "./face.js";
import { initials } from "./chat.js";

export function teaser(ctx) {
  const { say, root, left } = ctx;
  const box = el("div.teaser", { hidden: true });
  if (left) box.classList.add("left");
  root.prepend(box);

  function offer(line, name) {
    const text = line.text || say("sent_file");
    box.replaceChildren(
      el("button.open", { onclick: () => ctx.open("thread") }, portrait(ctx, line.from, initials),
        el("span.words", {}, el("span.unseen", {}, say("new_message")), el("strong", {}, name), el("span.text", {}, text))),
      iconButton("close", say("close"), hide));
    ctx.quiet?.();
    box.hidden = false;
  }

  function hide() {
    box.hidden = true;
  }

  return { offer, hide };
}
