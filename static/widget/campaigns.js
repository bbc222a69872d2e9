// Words that the shop says by itself when the rules of a campaign hold. Loaded only where a brand has campaigns.
import { el } from "./dom.js";
import { makeMemory } from "./memory.js";
import { report } from "./report.js";

const LOOK = `
  .nudge { all: unset; box-sizing: border-box; position: fixed; right: max(20px, env(safe-area-inset-right)); bottom: calc(max(20px, env(safe-area-inset-bottom)) + 70px);
    width: max-content; max-width: min(304px, calc(100vw - 40px)); padding: 14px 16px 16px; border-radius: 16px; background: light-dark(#fff, #1b1c1f); color: light-dark(#1f1e1c, #ecebe8);
    font: 14px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", sans-serif; overflow-wrap: anywhere;
    box-shadow: 0 0 0 1px light-dark(rgb(0 0 0 / 8%), rgb(255 255 255 / 12%)), 0 10px 34px rgb(0 0 0 / 18%); animation: nudge .25s ease-out; }
  :host(:lang(ja)) .nudge { font-family: "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", system-ui, sans-serif; line-break: strict; word-break: auto-phrase; }
  .nudge.left { right: auto; left: max(20px, env(safe-area-inset-left)); }
  .nudge p { margin: 0; }
  .nudge .from { margin: 0 30px 4px 0; font-size: 12px; color: light-dark(#5d5a53, #a9a69f); }
  .nudge .said { white-space: pre-line; }
  .nudge button { all: unset; box-sizing: border-box; cursor: pointer; }
  .nudge .go { display: block; width: 100%; margin-top: 12px; padding: 9px 14px; min-height: 40px; border-radius: 11px; background: var(--brand); color: var(--on-brand); font-weight: 620; text-align: center; }
  .nudge .shut { position: absolute; top: 6px; right: 6px; width: 34px; height: 34px; border-radius: 9px; display: grid; place-items: center; color: light-dark(#5d5a53, #a9a69f); font-size: 20px; line-height: 1; }
  .nudge .shut:hover { background: light-dark(#f1efea, #26282c); }
  .nudge button:focus-visible { outline: 2px solid var(--brand-ink); outline-offset: 2px; }
  .told { position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @keyframes nudge { from { opacity: 0; transform: translateY(8px); } }
  @media (pointer: coarse) { .nudge .shut { width: 42px; height: 42px; } .nudge .go { min-height: 44px; } .nudge .from { margin-right: 36px; } }
  @media (prefers-reduced-motion: reduce) { .nudge { animation: none; } }
  @media (forced-colors: active) { .nudge, .nudge .go { border: 1px solid; } }`;

export async function watch(parts, { rest, cart, stored }) {
  const { brand, config, lang, address, root, launcher, left, style } = parts;
  const memory = makeMemory(brand);
  const asks = (rule) => config.campaigns.some((one) => one.when?.[rule]);
  if (!memory) return;
  const isNew = !stored();
  if (!isNew) await rest(); // it knows whether they are talking
  const visits = asks("visits") || asks("new_visitor") ? memory.visit() : 0;
  const [closeIt, answer] = lang === "ja" ? ["閉じる", "チャットで聞く"] : ["Close", "Ask in the chat"];
  const live = el("div.told", { role: "status", "aria-live": "polite" });
  let page = location.href;
  let seconds = 0;
  let leaving = false;
  let box = null;
  let done = false; // one on a page is enough

  const RULES = {
    url: (part) => matches(part, page),
    seconds: (least) => seconds >= least,
    visits: (least) => visits >= least,
    cart_at_least: (least) => cart() >= least,
    language: (wanted) => wanted === lang,
    new_visitor: (wanted) => !wanted || (isNew && visits === 1),
    exit: (wanted) => !wanted || leaving,
  };

  root.adoptedStyleSheets = [...root.adoptedStyleSheets, style(LOOK)];
  root.append(live);
  setInterval(tick, 1000);
  look();
  if (asks("exit")) document.documentElement.addEventListener("mouseout", (event) => {
    leaving = !event.relatedTarget && event.clientY <= 0;
    look();
  });
  new MutationObserver(() => isOpen() && hide()).observe(launcher, { attributeFilter: ["aria-expanded"] });
  parts.quiet = hide;

  function tick() {
    if (document.hidden) return;
    seconds += 1;
    if (location.href !== page) {
      page = location.href;
      seconds = 0;
      done = false;
      hide();
    }
    look();
  }

  function look() {
    if (done || document.hidden || isOpen() || parts.isTalking?.()) return;
    const found = config.campaigns.find((one) => holds(one) && memory.isDue(one));
    if (found) show(found);
  }

  function holds(one) {
    return Object.entries(one.when ?? {}).every(([rule, value]) => RULES[rule]?.(value));
  }

  function show(one) {
    done = true;
    memory.shown(one.key);
    report(address, { campaign: one.key, what: "shown" });
    const name = config.brand?.name ?? "";
    box = el("section.nudge", { role: "region", "aria-label": name, onkeydown: (event) => event.key === "Escape" && wave() },
      el("p.from", {}, name), el("p.said", {}, one.text),
      el("button.go", { onclick: () => take(one) }, one.button || answer),
      el("button.shut", { "aria-label": closeIt, title: closeIt, onclick: wave }, "×"));
    if (left) box.classList.add("left");
    launcher.before(box);
    live.textContent = `${name}: ${one.text}`;
  }

  function take(one) {
    report(address, { campaign: one.key, what: "clicked" });
    rest().then((chat) => chat?.answer(one));
  }

  function wave() {
    hide();
    launcher.focus({ preventScroll: true });
  }

  function hide() {
    box?.remove();
    box = null;
    live.textContent = "";
  }

  function isOpen() {
    return launcher.getAttribute("aria-expanded") === "true";
  }
}

// A part of an address; a star is any piece of it.
export function matches(part, address) {
  const pieces = part.split("*").map((one) => one.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(pieces.join(".*"), "i").test(address);
}
