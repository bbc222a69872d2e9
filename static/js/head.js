// The head of a ticket: its dialog, menus that narrow while one types, and no renewal under an open menu.
const dialog = () => document.getElementById("ticket-dialog");

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target?.id !== "ticket-dialog" || detail.target.open) return;
  document.querySelectorAll("details.menu[open]").forEach((menu) => (menu.open = false));
  const title = detail.target.querySelector("h2");
  if (title) title.id = "ticket-dialog-title";
  detail.target.setAttribute("aria-labelledby", "ticket-dialog-title");
  detail.target.showModal();
});
// The menu of colleagues comes when it is opened: then one can type a name at once.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const menu = detail.target?.closest?.("#assign-menu[open]");
  if (menu?.contains(document.activeElement)) menu.querySelector("[data-narrow]")?.focus();
});
document.addEventListener("click", (event) => {
  const close = event.target.closest?.("#ticket-dialog [data-close-dialog]");
  if (!close && event.target !== dialog()) return;
  event.preventDefault();
  dialog().close();
});
document.addEventListener("dialog-done", () => dialog()?.close());

// What somebody is in the middle of stays, also what was begun while the answer was on its way: the next action or
// message renews the head anyway.
const renews = (element) => element?.matches?.("#head[data-renews]") && element;
const busy = (head) => head.querySelector("details.menu[open], dialog[open]") || head.querySelector(".ticket-fields")?.contains(document.activeElement);

document.addEventListener("htmx:beforeRequest", (event) => {
  if (renews(event.target) && busy(event.target)) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const head = renews(event.detail.requestConfig?.elt);
  if (head && busy(head)) event.detail.shouldSwap = false;
});

document.addEventListener("input", ({ target }) => {
  const list = document.getElementById(target.dataset?.narrow ?? "");
  if (!list) return;
  const words = target.value.trim().toLocaleLowerCase();
  for (const button of list.querySelectorAll("button")) button.hidden = !button.textContent.toLocaleLowerCase().includes(words);
});
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  const field = event.target;
  const list = document.getElementById(field.dataset?.narrow ?? "");
  const shown = list ? [...list.querySelectorAll("button:not([hidden])")] : [];
  if (event.key === "ArrowDown" && shown.length) {
    event.preventDefault();
    shown[0].focus();
  } else if (event.key === "Enter" && shown.length === 1) {
    event.preventDefault();
    shown[0].click();
  } else if (["ArrowDown", "ArrowUp"].includes(event.key) && field.closest?.(".menu-choices")) {
    const all = [...field.closest(".menu-choices").querySelectorAll("button:not([hidden])")];
    const next = all[all.indexOf(field) + (event.key === "ArrowDown" ? 1 : -1)];
    event.preventDefault();
    (next ?? field.closest(".menu-list").querySelector("[data-narrow]"))?.focus();
  }
});
