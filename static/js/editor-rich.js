// Formatted writing: Squire does the editing, DOMPurify lets in what a simple mail may hold and nothing else.
import "../vendor/purify.min.js";
import Squire from "../vendor/squire.mjs";
import { fromMail, toHtml, toMail, toText } from "./editor-text.js";

const ALLOWED = {
  ALLOWED_TAGS: ["a", "b", "blockquote", "br", "code", "div", "em", "i", "img", "li", "ol", "p", "pre", "s", "strong", "u", "ul"],
  ALLOWED_ATTR: ["href", "src", "alt"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:|\/staged\/|\/widget\/articles\/files\/)/i,
  RETURN_DOM_FRAGMENT: true,
};
const MAIL = { tags: [], pictures: /^\/staged\/[\w-]+$/ }; // what may stand in it besides, and which pictures
const COMMANDS = {
  bold: (editor) => (editor.hasFormat("B") ? editor.removeBold() : editor.bold()),
  italic: (editor) => (editor.hasFormat("I") ? editor.removeItalic() : editor.italic()),
  heading: (editor) => editor.modifyBlocks((blocks) => (editor.hasFormat("H3") ? asLines(blocks) : asHeadings(blocks))),
  list: (editor) => (editor.hasFormat("UL") ? editor.removeList() : editor.makeUnorderedList()),
  numbers: (editor) => (editor.hasFormat("OL") ? editor.removeList() : editor.makeOrderedList()),
  quote: (editor) => (editor.hasFormat("BLOCKQUOTE") ? editor.decreaseQuoteLevel() : editor.increaseQuoteLevel()),
  unlink: (editor) => editor.removeLink(),
  clear: (editor) => {
    editor.removeAllFormatting();
    if (editor.hasFormat("UL") || editor.hasFormat("OL")) editor.removeList();
    if (editor.hasFormat("BLOCKQUOTE")) editor.removeQuote();
  },
};

export function open(root, onInput, onPath, { tags, pictures } = MAIL) {
  const allowed = { ...ALLOWED, ALLOWED_TAGS: [...ALLOWED.ALLOWED_TAGS, ...tags] };
  const editor = new Squire(root, { sanitizeToDOMFragment: (html) => clean(html, allowed, pictures), didError: (error) => console.warn(error) });
  editor.addEventListener("input", onInput);
  editor.addEventListener("pathChange", () => onPath(stateOf(editor)));
  for (const key of ["Ctrl-Enter", "Ctrl-Shift-Enter", "Ctrl-k", "PageUp", "PageDown"]) editor.setKeyHandler(key, null);
  for (const key of ["Ctrl-Shift-5", "Ctrl-Shift-6", "Ctrl-u", "Ctrl-d"]) editor.setKeyHandler(key, null);
  return {
    root,
    text: () => toText(root),
    html: () => toMail(root),
    write: (html) => editor.setHTML(html),
    insertHtml: (html) => editor.insertHTML(html),
    insertText: (text) => editor.insertHTML(toHtml(text)),
    insertImage: (src, alt) => editor.insertImage(src, { alt }),
    run: (command) => COMMANDS[command](editor),
    link: (url) => editor.makeLink(url),
    linked: () => editor.hasFormat("A"),
    range: () => editor.getSelection(),
    select: (range) => editor.setSelection(range),
    focus: () => editor.focus(),
    toEnd: () => editor.moveCursorToEnd(),
    close: () => editor.destroy(),
  };
}

// What our content policy forbids goes before the browser reads it: it would complain of each.
const STYLES = /<style\b[\s\S]*?<\/style>|<!--[\s\S]*?-->/gi;
const unstyled = (html) => html.replace(STYLES, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(?:style|on\w+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, ""));

function clean(html, allowed, pictures) {
  const found = document.importNode(window.DOMPurify.sanitize(unstyled(html), allowed), true);
  for (const image of found.querySelectorAll("img")) {
    if (!pictures.test(image.getAttribute("src") || "")) image.replaceWith(image.alt ? `[${image.alt}]` : "");
  }
  return fromMail(found);
}

const asHeadings = (blocks) => renamed(blocks, "DIV", "H3");
const asLines = (blocks) => renamed(blocks, "H3", "DIV");

// The lines of a stretch as headings, or the other way round.
function renamed(blocks, from, to) {
  for (const block of [...blocks.querySelectorAll(from)]) {
    const made = document.createElement(to);
    made.append(...block.childNodes);
    block.replaceWith(made);
  }
  return blocks;
}

function stateOf(editor) {
  const on = { bold: "B", italic: "I", heading: "H3", list: "UL", numbers: "OL", quote: "BLOCKQUOTE", link: "A" };
  return Object.fromEntries(Object.entries(on).map(([name, tag]) => [name, editor.hasFormat(tag)]));
}
