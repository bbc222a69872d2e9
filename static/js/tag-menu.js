// The menu of tags: typing narrows it, arrows walk through it, Enter takes the first one that begins so.
const choices = (menu) => [...menu.querySelectorAll(".tag-choices button:not([hidden])")];
const begins = (field, one) => one.textContent.trim().toLowerCase().startsWith(field.value.trim().toLowerCase());

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".tag-menu") && event.target.open) event.target.querySelector("input").focus();
}, true);
document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-filter]")) return;
  const words = event.target.value.trim().toLowerCase();
  for (const choice of document.querySelectorAll(`${event.target.dataset.filter} button`)) {
    choice.hidden = !`${choice.textContent} ${choice.value}`.toLowerCase().includes(words);
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".tag-menu");
  if (!menu || event.isComposing || !["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) return;
  const all = choices(menu);
  const here = all.indexOf(document.activeElement);
  if (event.key === "Enter") {
    if (here >= 0 || !all.some((one) => begins(event.target, one))) return;
    event.preventDefault();
    all[0].click();
    return;
  }
  event.preventDefault();
  (all[here + (event.key === "ArrowDown" ? 1 : -1)] || menu.querySelector("input")).focus();
});
