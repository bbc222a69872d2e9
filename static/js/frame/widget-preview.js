// In the frame of the preview: answers in the server's place what the widget asks, so that nothing leaves the page.
(() => {
  const told = JSON.parse(document.getElementById("told").textContent);
  const real = window.fetch.bind(window);
  const json = (body, status = 200) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  const ANSWERS = {
    "/widget/config": () => json(told.config),
    "/widget/orders": () => json({ found: false }),
    "/widget/articles": () => json({ articles: [] }),
    "/widget/transcript": () => json({ sent: true }, 202),
    "/widget/files": () => json({ error: { code: "preview", text: "" } }, 422),
    "/widget/seen": () => new Response(null, { status: 204 }),
  };

  window.fetch = async (asked, more) => {
    const path = new URL(typeof asked === "string" ? asked : (asked.url ?? asked), document.baseURI).pathname;
    return ANSWERS[path] ? ANSWERS[path]() : real(asked, more);
  };
  navigator.sendBeacon = () => true;

  // A page of nobody has no store; the widget needs one to know what it has said already.
  const store = () => {
    const kept = new Map();
    return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, String(value)), removeItem: (key) => kept.delete(key) };
  };
  for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, { value: store(), configurable: true });

  // A server that acknowledges everything and says nothing.
  window.WebSocket = class extends EventTarget {
    constructor(url) {
      super();
      Object.assign(this, { url, readyState: 0, seq: 0 });
      setTimeout(() => {
        this.readyState = 1;
        this.dispatchEvent(new Event("open"));
      });
    }

    send(text) {
      const frame = JSON.parse(text);
      if (frame.type === "hello") this.say({ type: "welcome", visitor: "preview", open: true, agents_online: 2, wait: 90, history: [] });
      if (frame.type === "message") this.say({ type: "ack", key: frame.key, id: frame.key, seq: ++this.seq });
      if (frame.type === "rate") this.say({ type: "rated", score: frame.score });
    }

    say(frame) {
      setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) })));
    }

    close() {
      this.readyState = 3;
    }
  };

  // The form beside the frame keeps the cursor until somebody works in here.
  const focus = HTMLElement.prototype.focus;
  let here = false;
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => { here = true; }, { capture: true });
  HTMLElement.prototype.focus = function guarded(...given) {
    if (here) focus.apply(this, given);
  };

  const drawn = setInterval(() => {
    if (!document.querySelector("helpdesk-chat")) return;
    clearInterval(drawn);
    if (told.open) window.helpdeskChat.open().then(() => told.flow && walk());
  }, 60);

  // A flow that is being edited begins by itself.
  function walk() {
    const { shadowRoot } = document.querySelector("helpdesk-chat");
    [...shadowRoot.querySelectorAll("button")].find((one) => one.textContent.trim() === told.flow)?.click();
  }
})();
