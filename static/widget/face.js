// Who is speaking: a picture when the brand shows one, else initials.
import { el } from "./dom.js";
import { paint } from "./picture.js";

export function portrait(ctx, from, initials) {
  const made = el("span.face.small", { "aria-hidden": "true" }, initials(from?.name || ctx.config.brand?.name || ""));
  if (from?.avatar) paint(ctx, from.avatar, { most: 64, square: true }).then((canvas) => canvas && made.replaceChildren(canvas));
  return made;
}
