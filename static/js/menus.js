// <details class="menu"> closes on Escape, on a click elsewhere and when another opens; arrows walk through it.
const open = () => document.querySelectorAll("details.menu[open]");
const choices = (menu) => [...menu.querySelectorAll(".menu-list :is(a[href], button, input)")].filter((one) => !one.disabled && one.checkVisibility());

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target) && event.target.isConnected) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close(event);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event);
});

function close(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const menus = [...open()];
  if (!menus.length) return;
  event.preventDefault();
  for (const menu of menus) menu.open = false;
  menus.at(-1).querySelector("summary").focus();
}

// Menus with a field of their own see to their arrows themselves.
function walk(event) {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu || event.defaultPrevented || event.target.matches("input, textarea, select") || menu.querySelector("input[type=search], input[data-filter]")) return;
  const all = choices(menu);
  const here = all.indexOf(document.activeElement);
  const next = event.key === "ArrowDown" ? all[here + 1] ?? all[0] : all[here - 1] ?? all.at(-1);
  if (!next) return;
  event.preventDefault();
  next.focus();
}
