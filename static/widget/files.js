// Files on their way up, each with its progress; they are sent with the next message.
import { el, icon, iconButton } from "./dom.js";
import { paint, isPicture } from "./picture.js";

export function tray(ctx, changed) {
  const { say } = ctx;
  const content = el("ul.tray", { hidden: true });
  let all = [];

  function add(chosen) {
    for (const file of chosen) {
      const one = { file, name: file.name || "image.png", size: file.size, content_type: file.type };
      all.push(one);
      draw(one);
      if (file.size > limit(ctx.config)) fail(one, say("too_large", { size: say.size(limit(ctx.config)) }), false);
      else upload(one);
    }
    update();
  }

  function draw(one) {
    one.note = el("small", {}, say.size(one.size));
    one.bar = el("progress", { max: 100, value: 0, "aria-label": say("uploading", { name: one.name }) });
    one.again = el("button.link", { hidden: true, onclick: () => upload(one) }, say("retry"));
    const mark = el("span.thumb", {}, icon("file"));
    if (isPicture(one)) paint(ctx, one.file, { most: 40, square: true }).then((canvas) => canvas && mark.replaceChildren(canvas));
    one.row = el("li", {}, mark, el("span.words", {}, el("span.name", {}, one.name), one.note, one.again, one.bar), iconButton("close", say("remove", { name: one.name }), () => remove(one)));
    content.append(one.row);
  }

  function upload(one) {
    one.failed = false;
    one.again.hidden = true;
    one.bar.hidden = false;
    one.row.classList.remove("failed");
    const request = new XMLHttpRequest();
    one.request = request;
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) one.bar.value = (100 * event.loaded) / event.total; });
    request.addEventListener("load", () => {
      const answer = parse(request.responseText);
      if (request.status === 201) arrived(one, answer);
      else fail(one, answer.error?.text ?? answer.detail ?? answer.error ?? say("upload_failed"), request.status >= 500 || request.status === 429);
    });
    request.addEventListener("error", () => fail(one, say("upload_failed"), true));
    request.open("POST", ctx.address("widget/files"));
    if (ctx.talk.token) request.setRequestHeader("Authorization", `Bearer ${ctx.talk.token}`);
    const body = new FormData();
    body.append("file", one.file, one.name);
    request.send(body);
    changed();
  }

  function arrived(one, answer) {
    one.done = { ...answer, name: answer.name ?? one.name, size: answer.size ?? one.size, content_type: answer.content_type ?? one.content_type };
    Object.defineProperty(one.done, "blob", { value: one.file }); // shown from here, never stored
    one.bar.hidden = true;
    ctx.announce(say("uploaded", { name: one.name }));
    changed();
  }

  function fail(one, why, again) {
    one.failed = true;
    one.bar.hidden = true;
    one.again.hidden = !again;
    one.note.textContent = String(why);
    one.row.classList.add("failed");
    ctx.announce(`${one.name}: ${why}`);
    changed();
  }

  function remove(one) {
    one.request?.abort();
    one.row.remove();
    all = all.filter((other) => other !== one);
    update();
  }

  function update() {
    content.hidden = !all.length;
    changed();
  }

  return {
    content,
    add,
    busy: () => all.some((one) => !one.done && !one.failed),
    ready: () => all.filter((one) => one.done).map((one) => one.done),
    clear() {
      content.replaceChildren();
      all = [];
      update();
    },
  };
}

function limit(config) {
  return config.max_upload || 10_000_000;
}

function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
