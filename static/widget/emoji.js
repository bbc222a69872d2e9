// A small set of emoji, those that people write to shops; the system's own picker has the others.
import { el, iconButton } from "./dom.js";

const SET = ["😊", "😀", "😅", "😂", "🥰", "😍", "🤔", "😮", "😢", "😭", "😠", "😴", "🙏", "🙇", "👍", "👎", "👋", "👏", "🙌", "💪", "❤️", "💚", "✨", "🎉",
  "🎁", "📦", "🚚", "🛒", "🏠", "📅", "⏰", "💳", "💴", "🧾", "📷", "📱", "✅", "❌", "❓", "❗", "🌿", "🌸", "☀️", "☔", "🍵", "🛁", "🪵", "👕"];
const COLUMNS = 8;

export function emojiButton(ctx, choose, area) {
  const { say } = ctx;
  const content = el("div.emoji", { role: "group", "aria-label": say("emoji"), hidden: true },
    SET.map((one, index) => el("button", { tabIndex: index ? -1 : 0, onclick: () => pick(one) }, one)));
  const button = iconButton("smile", say("emoji"), () => toggle(content.hidden), { "aria-expanded": "false" });
  const all = [...content.children];

  content.addEventListener("keydown", (event) => {
    const at = all.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + COLUMNS, ArrowUp: at - COLUMNS, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      toggle(false);
      button.focus();
    }
    if (to === undefined) return;
    event.preventDefault();
    const next = all[Math.max(0, Math.min(all.length - 1, to))];
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });

  function pick(one) {
    choose(one);
    toggle(false);
    area.focus();
  }

  function toggle(on) {
    content.hidden = !on;
    button.setAttribute("aria-expanded", String(on));
    if (on) content.querySelector("[tabindex='0']").focus();
  }

  return { button, content };
}
