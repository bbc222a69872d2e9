// The account menu's colours: seen at once, kept by the server.
document.addEventListener("click", (event) => {
  const chosen = event.target.closest?.("#theme-switch button");
  if (!chosen) return;
  document.documentElement.dataset.theme = chosen.value;
  for (const one of chosen.form.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === chosen));
});
