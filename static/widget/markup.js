// Formatted text that the helpdesk has cleaned, built element by element: no string becomes markup, so nothing in it can run,
// and a shop that asks for trusted types has nothing to object to.
import { el } from "./dom.js";
import { safe } from "./text.js";

const KEPT = new Set(["p", "br", "b", "strong", "i", "em", "u", "s", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "hr"]);
const UNSAID = new Set(["script", "style", "template", "title", "iframe", "object"]); // not even their words are shown
const EMPTY = new Set(["br", "hr", "img"]);
const TOKEN = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>|[^<]+|</gi;
const SIGNS = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const DEEPEST = 80;

// `image(url, alt)` -> what stands for a picture.
export function marked(html, image = () => null) {
  const made = document.createDocumentFragment();
  const open = [{ name: "", node: made }];
  for (const [whole, end, tag, given] of html.matchAll(TOKEN)) {
    const name = tag?.toLowerCase();
    const { node } = open.at(-1);
    if (!name) node.append(decode(whole));
    else if (end) close(open, name);
    else {
      const inner = name === "img" ? picture(read(given), image) : name === "a" ? link(read(given)) : KEPT.has(name) ? el(name, name === "ol" ? { start: Number(read(given).start) || 1 } : {}) : null;
      if (inner) node.append(inner);
      if (!EMPTY.has(name) && open.length < DEEPEST) open.push({ name, node: UNSAID.has(name) ? document.createDocumentFragment() : inner ?? node });
    }
  }
  return made;
}

function close(open, name) {
  const at = open.findLastIndex((one) => one.name === name);
  if (at > 0) open.length = at;
}

function link({ href = "" }) {
  const url = safe(href) || (/^(mailto|tel):/i.test(href) && href);
  return url ? el("a", { href: url, ...(!/^(mailto|tel):/i.test(url) && { target: "_blank", rel: "noopener noreferrer nofollow" }) }) : null;
}

function picture({ src = "", alt = "" }, image) {
  const url = safe(src);
  return (url && image(url, alt)) || document.createTextNode(alt);
}

function read(text) {
  return Object.fromEntries([...text.matchAll(/([a-z-]+)="([^"]*)"/gi)].map(([, name, value]) => [name.toLowerCase(), decode(value)]));
}

function decode(text) {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (whole, number, hex, name) => {
    if (name) return SIGNS[name.toLowerCase()] ?? whole;
    const code = number ? Number(number) : parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
