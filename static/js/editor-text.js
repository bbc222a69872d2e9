// Words between the two ways of writing: plain lines and simple HTML. Nothing that can be read is left out.
const BLOCKS = new Set(["DIV", "P", "LI", "UL", "OL", "BLOCKQUOTE", "PRE", "H1", "H2", "H3", "H4", "H5", "H6"]);
const isBlock = (node) => BLOCKS.has(node.nodeName);

export function escape(text) {
  return text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);
}

export function toHtml(text) {
  return text.split("\n").map((line) => `<div>${escape(line).replace(/ {2}/g, " &nbsp;") || "<br>"}</div>`).join("");
}

export function toText(root) {
  return linesOf(root).map((line) => line.replace(/\u200b/g, "").replace(/[\u00a0]/g, " ").trimEnd()).join("\n").trimEnd();
}

export const hasFormat = (root) => Boolean(root.querySelector("a, b, i, em, strong, u, s, ul, ol, blockquote, img, pre, code"));

// The lines of one block; blocks inside it stand on lines of their own.
function linesOf(block) {
  const lines = [];
  let open = null;
  const shut = () => {
    if (open !== null) lines.push(open);
    open = null;
  };
  for (const node of block.childNodes) {
    if (isBlock(node)) {
      shut();
      lines.push(...marked(node));
    } else if (node.nodeName === "BR") {
      lines.push(open ?? "");
      open = null;
    } else open = (open ?? "") + inline(node);
  }
  shut();
  return lines.length || !isBlock(block) ? lines : [""];
}

function marked(block) {
  const lines = linesOf(block);
  if (block.nodeName === "BLOCKQUOTE") return lines.map((line) => `> ${line}`);
  if (block.nodeName !== "LI") return lines;
  const place = [...block.parentNode.children].indexOf(block);
  const mark = block.parentNode.nodeName === "OL" ? `${place + (block.parentNode.start || 1)}. ` : "- ";
  return lines.map((line, at) => (at ? " ".repeat(mark.length) : mark) + line);
}

function inline(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeName === "IMG") return node.alt ? `[${node.alt}]` : "";
  const words = [...node.childNodes].map(inline).join("");
  if (node.nodeName !== "A") return words;
  const goes = node.getAttribute("href") || "";
  return !goes || goes === words || goes === `mailto:${words}` || goes === `http://${words}` ? words : `${words} (${goes})`;
}

// The editor keeps each line in a block of its own; a mail wants paragraphs, with a blank line between them.
export function toMail(root) {
  const out = [];
  let lines = [];
  const shut = () => {
    if (lines.length) out.push(`<p>${lines.join("<br>")}</p>`);
    lines = [];
  };
  for (const node of root.childNodes) {
    const name = node.nodeName;
    if (["UL", "OL", "PRE", "H3"].includes(name)) {
      shut();
      out.push(node.outerHTML);
    } else if (name === "BLOCKQUOTE") {
      shut();
      out.push(`<blockquote>${toMail(node)}</blockquote>`);
    } else if (isBlock(node)) {
      const words = node.innerHTML.replace(/<br>$/, "").replace(/\u200b/g, "");
      if (words) lines.push(words);
      else shut();
    } else lines.push(node.outerHTML ?? escape(node.data));
  }
  shut();
  return out.join("");
}

// The way back: paragraphs as lines, with an empty one between two of them.
export function fromMail(parent) {
  for (const node of [...parent.children]) {
    if (node.nodeName === "BLOCKQUOTE") fromMail(node);
    if (node.nodeName !== "P") continue;
    const lines = [document.createElement("div")];
    for (const part of [...node.childNodes]) {
      if (part.nodeName === "BR") lines.push(document.createElement("div"));
      else lines.at(-1).append(part);
    }
    if (node.nextElementSibling?.nodeName === "P") lines.push(document.createElement("div"));
    for (const line of lines) if (!line.hasChildNodes()) line.append(document.createElement("br"));
    node.replaceWith(...lines);
  }
  return parent;
}
