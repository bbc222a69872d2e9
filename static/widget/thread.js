// The conversation as it is read: days, speakers, messages and what became of them; the composer below.
import { el, icon, iconButton } from "./dom.js";
import { linked, onlyEmoji } from "./text.js";
import { marked } from "./markup.js";
import { attachment, isPicture, picture } from "./picture.js";
import { portrait } from "./face.js";
import { composer } from "./composer.js";
import { rating } from "./rating.js";
import { initials } from "./chat.js";

const TOGETHER = 4 * 60_000; // messages of one speaker that follow so soon stand together

export function thread(ctx, given = {}) {
  const { say, talk, config } = ctx;
  const list = el("ol.lines");
  const older = el("button.older", { hidden: true, onclick: () => talk.askOlder() }, say("older"));
  const typing = el("p.typing", { hidden: true }, el("span.dots", { "aria-hidden": "true" }, el("i"), el("i"), el("i")), el("span"));
  const foot = el("div.foot");
  const below = el("button.below", { hidden: true, onclick: () => down() }, icon("down"), say("new_below"));
  const scroller = el("div.scroller", { tabIndex: 0, role: "region", "aria-label": say("conversation") }, older, list, foot, typing);
  const strip = el("p.strip", { hidden: true });
  const byMail = iconButton("mail", say("transcript"), () => ctx.show("transcript"));
  const writing = composer(ctx, given);
  const drawn = new Map(); // what stands already is not drawn anew: pictures stay, nothing flickers
  let follow = true;
  let slow = 0;
  let end = null; // the rating, kept while it is being filled in

  const hearing = [["lines", draw], ["typing", drawTyping], ["state", drawState], ["older", drawOlder]];
  for (const [name, listener] of hearing) talk.addEventListener(name, listener);
  scroller.addEventListener("scroll", () => { if (atEnd()) below.hidden = true; });
  const watch = new ResizeObserver(() => follow && down());
  scroller.addEventListener("scroll", () => { follow = atEnd(); });
  watch.observe(list);
  watch.observe(scroller);
  watch.observe(foot);
  draw();
  drawState();

  function draw() {
    const before = drawn.size;
    const stays = atEnd() || follow;
    const all = [...talk.lines, ...talk.pending.map((item) => ({ ...item, own: true, item }))];
    if (ctx.opener) all.splice(talk.lines.filter((one) => one.seq <= ctx.opener.after).length, 0, { ...ctx.opener, key: "opener" });
    const rows = [];
    let last = null;
    for (const line of all) {
      const day = say.day(line.at ?? Date.now());
      if (!last || say.day(last.at) !== day) rows.push(keep(`day ${day}`, "", () => el("li.day", {}, el("span", {}, day))));
      const first = !last || last.own !== line.own || last.from?.name !== line.from?.name || Math.abs(new Date(line.at) - new Date(last.at)) > TOGETHER;
      rows.push(keep(line.seq ? `seq ${line.seq}` : `key ${line.key}`, [first, line.item && condition(line)].join(), () => row(line, first)));
      last = line;
    }
    const gone = new Set(drawn.keys());
    rows.forEach((one) => gone.delete(one.name));
    gone.forEach((name) => drawn.delete(name));
    list.replaceChildren(...(rows.length ? rows.map((one) => one.made) : [el("li.day.empty", {}, given.note ?? say("conversation_empty"))]));
    older.hidden = !talk.more;
    byMail.hidden = !talk.lines.length;
    drawFoot();
    if (stays) down();
    else if (drawn.size > before && talk.unread) below.hidden = false;
  }

  // What is being read stays where it is when older lines come in above it.
  function drawOlder() {
    const height = scroller.scrollHeight;
    follow = false;
    draw();
    scroller.scrollTop += scroller.scrollHeight - height;
    if (older.hidden) scroller.focus({ preventScroll: true });
  }

  function keep(name, mark, make) {
    const old = drawn.get(name);
    const made = old?.mark === mark ? old.made : make();
    drawn.set(name, { mark, made });
    return { name, made };
  }

  function condition({ item }) {
    return item.wrong ? `!${item.wrong}` : talk.state === "open" ? "sending" : "queued";
  }

  function row(line, first) {
    const name = line.own ? say("you") : line.from?.name || config.brand?.name || say("team");
    const words = said(line);
    const files = line.attachments.map((one) => (isPicture(one) ? picture(ctx, one) : attachment(ctx, one)));
    return el(`li.line.${line.own ? "own" : "theirs"}${first ? ".first" : ""}`, {},
      !line.own && el("span.side", {}, first && portrait(ctx, line.from, initials)),
      el("div.said", {},
        first && el("p.who", {}, el("span", { className: line.own ? "unseen" : "name" }, name), !line.own && role(line), el("time", { dateTime: String(line.at) }, say.clock(line.at))),
        files, words || null, line.item && waiting(line.item)));
  }

  function said(line) {
    if (line.html) return el("div.bubble.rich", {}, marked(line.html, (url, alt) => picture(ctx, { url, name: alt })));
    return line.text && el(onlyEmoji(line.text) ? "div.bubble.emoji-only" : "div.bubble", {}, linked(line.text));
  }

  function role(line) {
    const known = { agent: "", visitor: "", bot: "" };
    const word = known[line.from?.role] ?? line.from?.role;
    return word && el("span.role", {}, word);
  }

  function waiting(item) {
    if (!item.wrong) return el("p.fate", {}, icon("clock"), talk.state === "open" ? say("sending") : say("queued"));
    return el("p.fate.failed", {}, icon("warn"), `${say("not_sent")}: ${item.wrong} `,
      el("button.link", { onclick: () => talk.retry(item) }, say("retry")), el("button.link", { onclick: () => talk.forget(item) }, say("discard")));
  }

  function drawFoot() {
    const last = talk.lines.at(-1);
    const inside = [];
    if (given.note && talk.begun) inside.push(el("p.note", {}, icon("once"), given.note));
    if (last?.own && !talk.pending.length) {
      const seen = talk.read >= last.seq;
      inside.push(el("p.fate", {}, icon(seen ? "twice" : "once"), seen ? say("read") : say("sent")));
      if (!talk.lines.some((one) => !one.own)) inside.push(el("p.expect", {}, icon("clock"), talk.open ? say.presence(talk) : say("away")));
    }
    const replies = !talk.pending.length && last && !last.own ? last.replies ?? [] : [];
    if (replies.length) inside.push(el("div.replies", {}, replies.map((one) => el("button.reply", { onclick: () => answer(one) }, one.label ?? one))));
    if (talk.closed) {
      end ??= el("div.ended", {}, el("p", {}, say("ended")), talk.askRating && rating(ctx));
      inside.push(end);
    } else end = null;
    foot.replaceChildren(...inside);
  }

  function answer(one) {
    talk.send(one.say ?? one.label ?? one);
    writing.focus();
  }

  function drawTyping() {
    const on = Boolean(talk.typist);
    const word = on ? say("typing", { name: talk.typist.name || talk.lines.findLast((one) => !one.own)?.from?.name || say("team") }) : "";
    typing.hidden = !on;
    typing.lastChild.textContent = word;
    if (on && follow) down();
  }

  function drawState() {
    clearTimeout(slow);
    const off = !navigator.onLine;
    if (talk.state === "open" || talk.state === "idle" || (talk.state === "connecting" && !talk.welcomed && !off)) strip.hidden = true;
    else slow = setTimeout(() => {
      strip.textContent = talk.state === "refused" ? say("refused") : off ? say("offline") : say("reconnecting");
      strip.hidden = talk.state === "open";
    }, off ? 0 : 1_500);
    draw();
  }

  function atEnd() {
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  }

  function down() {
    scroller.scrollTop = scroller.scrollHeight;
    below.hidden = true;
    follow = true;
  }

  return {
    content: [strip, scroller, below, ...writing.content],
    extra: byMail,
    entered: down,
    leave() {
      for (const [name, listener] of hearing) talk.removeEventListener(name, listener);
      watch.disconnect();
      writing.leave();
    },
  };
}
