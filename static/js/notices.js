// Notices: several stand below one another, each goes by itself unless it tells of an error; one with something to undo
// shows how long that is possible, waits while it is looked at, and survives the way to another page.
const STAYS = 7;
const KEPT = "notices";
const ICONS = { ok: "circle-check", error: "circle-alert", info: "info" };
const area = () => document.getElementById("notices");

export function notify(text, kind = "ok", action = null) {
  const twin = [...area().querySelectorAll(".notice-error")].find((one) => !action && one.querySelector("p").textContent === text);
  if (twin) return twin;
  const notice = area().querySelector("template").content.firstElementChild.cloneNode(true);
  notice.classList.add(`notice-${kind}`);
  const use = notice.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[kind] ?? "info"}`));
  notice.querySelector("p").textContent = text;
  if (action) offer(notice, action);
  area().append(notice);
  if (kind !== "error" || action?.seconds) expire(notice, action?.seconds ?? STAYS);
  if (action?.url) keep(notice, { text, kind, action });
  return notice;
}

export function dismiss(notice) {
  if (!notice?.isConnected) return;
  const inside = notice.contains(document.activeElement);
  notice.remove();
  forget(notice);
  if (inside) document.getElementById("main")?.focus({ preventScroll: true });
}

function offer(notice, action) {
  const button = notice.querySelector(".notice-action");
  button.hidden = false;
  button.querySelector("span").textContent = action.label;
  button.dataset.action = action.label;
  if (action.seconds) button.dataset.keyPress = "z";
  else button.querySelectorAll(".ring, kbd").forEach((part) => part.remove());
  button.addEventListener("click", () => {
    button.disabled = true;
    if (action.run) action.run();
    else window.htmx.ajax("POST", action.url, { source: area(), swap: "none" });
    dismiss(notice);
  });
}

// The time stands still while the pointer or the focus is on the notice.
function expire(notice, seconds) {
  let left = seconds * 1000;
  let since = performance.now();
  let timer = 0;
  const ring = notice.querySelector(".ring");
  ring?.style.setProperty("--seconds", `${seconds}s`);
  const go = () => {
    since = performance.now();
    clearTimeout(timer);
    timer = setTimeout(() => dismiss(notice), left);
    notice.classList.remove("waits");
  };
  const wait = () => {
    clearTimeout(timer);
    left = Math.max(1000, left - (performance.now() - since));
    since = performance.now();
    notice.classList.add("waits");
  };
  notice.addEventListener("pointerenter", wait);
  notice.addEventListener("focusin", wait);
  notice.addEventListener("pointerleave", () => notice.contains(document.activeElement) || go());
  notice.addEventListener("focusout", () => notice.matches(":hover") || go());
  go();
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]").filter((one) => one.until > Date.now());
  } catch {
    return [];
  }
}

function keep(notice, told) {
  notice.dataset.kept = `${told.action.url} ${Date.now()}`;
  sessionStorage.setItem(KEPT, JSON.stringify([...kept(), { ...told, id: notice.dataset.kept, until: Date.now() + told.action.seconds * 1000 }]));
}

function forget(notice) {
  if (notice.dataset.kept) sessionStorage.setItem(KEPT, JSON.stringify(kept().filter((one) => one.id !== notice.dataset.kept)));
}

// A whole page came in between: what can still be undone is offered again for the time that is left.
function restore() {
  const before = kept();
  const drawn = area().querySelector(".notice");  // what the new page says itself is newer
  sessionStorage.removeItem(KEPT);
  for (const { text, kind, action, until } of before) {
    area().insertBefore(notify(text, kind, { ...action, seconds: Math.ceil((until - Date.now()) / 1000) }), drawn);
  }
}

function expireDrawn() {
  for (const notice of area()?.querySelectorAll(".notice:not([data-drawn])") ?? []) {
    notice.dataset.drawn = "";
    if (!notice.matches(".notice-error") && notice.querySelector(".notice-action") === null) expire(notice, STAYS);
  }
}

document.addEventListener("click", (event) => {
  dismiss(event.target.closest?.("[data-dismiss]")?.closest(".notice"));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const notice = event.target.closest?.(".notice") ?? area()?.querySelector(".notice-error");
  if (notice) dismiss(notice);
});
document.addEventListener("notice", ({ detail }) => notify(detail.text, detail.kind, detail.action));
document.addEventListener("htmx:oobAfterSwap", expireDrawn);
if (area()) {
  restore();
  expireDrawn();
}
