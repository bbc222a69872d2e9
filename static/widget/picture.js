// Pictures without <img>: fetched when they come into view and painted, so that the shop's policy need not allow them.
import { el, icon } from "./dom.js";
import { safe } from "./text.js";

const PAINTABLE = /^image\/(png|jpe?g|gif|webp|avif)$/;
const fetched = new Map(); // address -> promise of a blob

export const isPicture = (file) => PAINTABLE.test(file.content_type ?? "");

export async function content(ctx, address, open = false) {
  const url = safe(address, ctx.at("/"));
  if (!url) return null;
  if (!fetched.has(url)) {
    const ours = new URL(url).origin === ctx.at("/").origin; // the token is for nobody else
    const headers = ours && !open && ctx.talk.token ? { Authorization: `Bearer ${ctx.talk.token}` } : {};
    const asked = fetch(url, { headers, credentials: "omit" }).then((answer) => (answer.ok ? answer.blob() : null)).catch(() => null);
    fetched.set(url, asked);
    asked.then((blob) => blob || fetched.delete(url));
  }
  return fetched.get(url);
}

// -> a canvas, at most `most` pixels wide and high on the screen; null when it cannot be shown.
export async function paint(ctx, source, { most = 240, square = false, open = false } = {}) {
  const blob = source instanceof Blob ? source : await content(ctx, source, open);
  const bitmap = blob && PAINTABLE.test(blob.type) ? await createImageBitmap(blob).catch(() => null) : null;
  if (!bitmap) return null;
  const canvas = el("canvas");
  const sharp = Math.min(2, window.devicePixelRatio || 1);
  const shrink = Math.min(1, (most * sharp) / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, Math.round(bitmap.width * shrink));
  canvas.height = square ? canvas.width : Math.max(1, Math.round(bitmap.height * shrink));
  const cut = square ? Math.min(bitmap.width, bitmap.height) : 0;
  const drawing = canvas.getContext("2d");
  if (square) drawing.drawImage(bitmap, (bitmap.width - cut) / 2, (bitmap.height - cut) / 2, cut, cut, 0, 0, canvas.width, canvas.height);
  else drawing.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  canvas.style.setProperty("--width", `${Math.round(canvas.width / sharp)}px`);
  return canvas;
}

const arriving = "IntersectionObserver" in window
  ? new IntersectionObserver((seen) => seen.forEach((one) => one.isIntersecting && one.target.come?.()), { rootMargin: "200px" })
  : null;

// `open` of a file: everybody may have it, no token is needed.
export function picture(ctx, file) {
  const frame = el("button.picture", { "aria-label": ctx.say("open_picture", { name: file.name }), onclick: () => view(ctx, file) }, el("span.waiting", {}, icon("image")));
  frame.come = async () => {
    arriving?.unobserve(frame);
    const canvas = await paint(ctx, file.blob ?? file.url, { open: file.open });
    if (canvas) frame.replaceChildren(canvas);
    else frame.replaceWith(attachment(ctx, file));
  };
  if (arriving && !file.blob) arriving.observe(frame);
  else frame.come();
  return frame;
}

export function attachment(ctx, file) {
  return el("button.file", { "aria-label": ctx.say("download", { name: file.name }), onclick: () => keep(ctx, file) },
    icon("file"), el("span.name", {}, file.name), el("small", {}, ctx.say.size(file.size ?? 0)));
}

async function view(ctx, file) {
  const tab = window.open("", "_blank");
  const blob = file.blob ?? (await content(ctx, file.url, file.open));
  if (!blob || !tab) return tab?.close();
  tab.opener = null;
  tab.location.replace(URL.createObjectURL(blob));
}

async function keep(ctx, file) {
  const blob = file.blob ?? (await content(ctx, file.url, file.open));
  if (!blob) return ctx.announce(ctx.say("failed"));
  const link = el("a", { href: URL.createObjectURL(new Blob([blob], { type: "application/octet-stream" })), download: file.name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
