// An agent's word on the classifier's tags: the chip answers at once, the focus stays in the row of chips; why a tag is
// there comes when its chip is opened.
const chips = () => [...document.querySelectorAll("#head .tags-on > li")];
const stop = (chip) => chip?.querySelector("summary, button");
let next = null;

document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.(".tag-why") && target.open) window.htmx?.trigger(target.querySelector(".why-box"), "opened");
}, true);

// Also from within the chip's menu, whose buttons do the same.
function verdict(element) {
  const chip = element?.closest?.(".tags-on > li[data-tag]");
  const form = element?.closest?.("form");
  return chip && form ? { chip, what: form.action.includes("/accept") ? "accept" : "remove" } : null;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const found = event.defaultPrevented ? null : verdict(event.target);
  if (!found) return;
  const all = chips();
  const inside = found.chip.contains(document.activeElement);
  next = inside ? { tag: found.chip.dataset.tag, place: all.indexOf(found.chip) } : null;
  found.chip.querySelector("details[open]")?.removeAttribute("open");
  found.chip.dataset.going = found.what;
});
for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failed, ({ target }) => {
    delete verdict(target)?.chip.dataset.going;
    next = null;
  });
}
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!next || detail.target?.id !== "head" || detail.requestConfig?.verb !== "post") return;
  const all = chips();
  const chip = all.find((one) => one.dataset.tag === next.tag) ?? all[next.place] ?? all.at(-1);
  next = null;
  if (document.activeElement === document.body || !document.activeElement?.isConnected) (stop(chip) ?? document.querySelector("#tag-menu > summary"))?.focus();
});
