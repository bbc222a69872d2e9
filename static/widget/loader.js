// The one tag of a shop: draws the launcher, nothing else. What follows a first click comes as modules of its own.
// It keeps no cookie and stores nothing; a conversation that this shop's page stored earlier is taken up again.
// Only a brand with campaigns gets the part that watches their rules.
(() => {
  const tag = document.currentScript ?? document.querySelector("script[data-brand][src*='/widget.js']");
  const brand = tag?.dataset.brand;
  if (!brand || window.helpdeskChat) return;

  const { user = "", hash = "", theme = "" } = tag.dataset;
  const asked = (tag.dataset.lang || document.documentElement.lang || navigator.language || "en").toLowerCase();
  const lang = asked.startsWith("ja") ? "ja" : "en";
  const at = (path) => new URL(path, tag.src);
  const address = (path, more = {}) => {
    const url = at(path);
    url.search = new URLSearchParams({ brand, ...more });
    return url;
  };
  const modules = at("widget/DIGEST/").href;
  const LABEL = lang === "ja" ? "チャットで問い合わせる" : "Chat with us";
  const UNREAD = lang === "ja" ? "未読 {n} 件" : "{n} unread";

  // Important inside a shadow root wins over important outside of it: the shop's sheets cannot reach the host.
  const LOOK = `
    :host { all: initial !important; position: fixed !important; inset: auto 0 0 auto !important; width: 0 !important; height: 0 !important;
      z-index: 2147483000 !important; display: block !important; direction: ltr !important; overflow: visible !important; }
    [hidden] { display: none !important; }
    .launcher { all: unset; box-sizing: border-box; position: fixed; right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom));
      width: 56px; height: 56px; border-radius: 50%; cursor: pointer; background: var(--brand); color: var(--on-brand); display: grid; place-items: center;
      box-shadow: 0 0 0 1px light-dark(rgb(255 255 255 / 60%), rgb(255 255 255 / 24%)), 0 2px 6px rgb(0 0 0 / 14%), 0 8px 28px rgb(0 0 0 / 20%);
      animation: arrive .28s cubic-bezier(.2, .9, .3, 1.2); transition: transform .16s ease; -webkit-tap-highlight-color: transparent; }
    .launcher.left { right: auto; left: max(20px, env(safe-area-inset-left)); }
    .launcher:hover { transform: scale(1.05); }
    .launcher:active { transform: scale(.96); }
    .launcher:focus-visible { outline: 3px solid var(--brand-ink); outline-offset: 3px; }
    .launcher svg { grid-area: 1 / 1; width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round;
      transition: opacity .16s, transform .16s; }
    .launcher[aria-expanded="false"] .ajar, .launcher[aria-expanded="true"] .shut { opacity: 0; transform: scale(.6) rotate(-30deg); }
    .badge { position: absolute; top: -3px; right: -3px; min-width: 22px; height: 22px; padding: 0 6px; box-sizing: border-box; border-radius: 11px;
      background: #c0271a; color: #fff; border: 2px solid #fff; font: 700 12px/18px system-ui, sans-serif; text-align: center; }
    .badge::before { content: attr(data-count); }
    @keyframes arrive { from { opacity: 0; transform: scale(.5); } }
    @media (prefers-reduced-motion: reduce) { .launcher, .launcher svg { animation: none; transition: none; } }
    @media (forced-colors: active) { .launcher { border: 2px solid ButtonText; } }
    @media print { :host { display: none !important; } }`;

  let chat; // a promise of the rest, asked for once
  let parts; // what is on the page
  let tries = 0; // that failed
  let inCart; // what the shop has told of it

  window.helpdeskChat = {
    open: () => rest().then((one) => one?.open()),
    close: () => chat?.then((one) => one?.close()),
    toggle: () => rest().then((one) => one?.toggle()),
    cart: (given) => { inCart = given; },
  };
  // A page that is never idle gets its button too.
  const idle = (run) => (window.requestIdleCallback ? requestIdleCallback(run, { timeout: 2000 }) : setTimeout(run, 200));
  const begin = () => idle(() => draw().catch(() => addEventListener("online", begin, { once: true })));
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-helpdesk-open]") || !parts) return;
    event.preventDefault();
    window.helpdeskChat.open();
  });

  async function draw() {
    if (parts) return;
    const answer = await fetch(address("widget/config", { lang }), { credentials: "omit" });
    if (!answer.ok) return;
    const config = await answer.json();
    const host = document.createElement("helpdesk-chat");
    const root = host.attachShadow({ mode: "open" });
    const look = style(LOOK + colours(config.brand?.colour ?? config.brand?.color, theme || config.brand?.theme));
    root.adoptedStyleSheets = [look];
    host.lang = lang;
    const left = config.brand?.position === "left";
    const launcher = button(config.texts?.launcher || LABEL);
    launcher.classList.toggle("left", left);
    const badge = launcher.lastChild;
    root.append(launcher);
    keepToOurselves(host);
    launcher.addEventListener("click", () => window.helpdeskChat.toggle());
    for (const sign of ["pointerenter", "focus"]) launcher.addEventListener(sign, () => rest(), { once: true });
    parts = { host, root, launcher, config, left, brand, lang, user, hash, at, address, module, style, unread };
    document.documentElement.append(host);
    if (host.showPopover) {
      host.popover = "manual"; // the top layer: no transform, filter or stacking of the page reaches it
      host.showPopover();
    }
    if (stored()) rest();
    if (config.campaigns?.length) module("campaigns").then((module) => module.watch(parts, { rest, cart, stored })).catch(() => {});

    function unread(count) {
      badge.dataset.count = count > 99 ? "99+" : count;
      badge.hidden = !count;
      const label = config.texts?.launcher || LABEL;
      launcher.setAttribute("aria-label", count ? `${label} (${UNREAD.replace("{n}", count)})` : label);
    }
  }

  function rest() {
    if (!parts) return Promise.resolve();
    if (!chat) soon();
    chat ??= module("chat").then((module) => module.start(parts)).catch((problem) => {
      chat = undefined; // the line was down: the next click asks again
      tries += 1;
      console.warn("helpdesk chat:", problem);
    });
    return chat;
  }

  // What the chat is going to ask for comes at the same time as the chat.
  function soon() {
    module(`words-${lang}`).catch(() => {});
    parts.sheet = fetch(`${modules}chat.css`, { credentials: "omit" }).then((answer) => answer.text());
    parts.sheet.catch(() => {});
  }

  // Some browsers remember for the page's life that a module could not be had; by another name it is asked for again.
  function module(name) {
    return import(`${modules}${name}.js${tries ? `?${tries}` : ""}`);
  }

  // The value of the visitor's cart, as the shop has told it last or as it stands on the page.
  function cart() {
    const given = inCart?.value ?? inCart ?? document.querySelector("[data-cart]")?.dataset.cart;
    return parseFloat(String(given ?? 0).replace(/[^\d.]/g, "")) || 0;
  }

  function stored() {
    try {
      return localStorage.getItem(`helpdesk.${brand}`) !== null;
    } catch {
      return false;
    }
  }

  function button(label) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "launcher";
    made.setAttribute("aria-label", label);
    made.setAttribute("aria-expanded", "false");
    made.setAttribute("aria-haspopup", "dialog");
    const svg = (name, d) => {
      const one = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      one.setAttribute("viewBox", "0 0 24 24");
      one.setAttribute("class", name);
      one.setAttribute("aria-hidden", "true");
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", d);
      one.append(path);
      return one;
    };
    const badge = Object.assign(document.createElement("span"), { className: "badge", hidden: true });
    badge.setAttribute("aria-hidden", "true");
    made.append(
      svg("shut", "M12 3.5c-5 0-9 3.4-9 7.7 0 2.3 1.2 4.3 3 5.7L5.4 20.5l4.2-2c.8.2 1.6.3 2.4.3 5 0 9-3.4 9-7.6s-4-7.7-9-7.7ZM8.2 11.2h.01M12 11.2h.01M15.8 11.2h.01"),
      svg("ajar", "M6 9.5l6 6 6-6"),
      badge,
    );
    return made;
  }

  // The shop's own shortcuts must not hear what is typed here.
  function keepToOurselves(host) {
    for (const name of ["keydown", "keyup", "keypress", "paste", "drop", "dragover"]) host.addEventListener(name, (event) => event.stopPropagation());
  }

  function style(text) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  }

  // The brand's colour, the ink that can be read on it, and itself as ink on light and on dark paper.
  function colours(given, scheme) {
    const brandColour = parse(given) ?? [11, 107, 98];
    const white = [255, 255, 255];
    const soft = [28, 27, 25];
    const ink = ratio(brandColour, white) >= 4.5 ? white : ratio(brandColour, soft) >= 4.5 ? soft : [0, 0, 0];
    return `:host{color-scheme:${scheme === "light" || scheme === "dark" ? scheme : "light dark"} !important;
      --brand:${css(brandColour)};--on-brand:${css(ink)};
      --brand-ink:light-dark(${css(until(brandColour, [0, 0, 0], [241, 239, 234]))},${css(until(until(brandColour, vivid(brandColour), [38, 40, 44]), white, [38, 40, 44]))})}`;
  }

  function parse(text) {
    const hex = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text ?? "")?.[1];
    return hex && (hex.length === 3 ? [...hex].map((one) => one + one) : hex.match(/../g)).map((one) => parseInt(one, 16));
  }

  // As light as the colour can be without turning pale.
  function vivid(colour) {
    const most = Math.max(...colour, 1);
    return colour.map((one) => Math.round((one * 255) / most));
  }

  function until(colour, towards, paper) {
    for (let part = 0; part < 1; part += 0.05) {
      const mixed = colour.map((one, index) => Math.round(one + (towards[index] - one) * part));
      if (ratio(mixed, paper) >= 4.6) return mixed;
    }
    return towards;
  }

  function ratio(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  function luminance(colour) {
    const [r, g, b] = colour.map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function css(colour) {
    return `rgb(${colour.join(" ")})`;
  }
})();
