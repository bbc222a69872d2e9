// The paper view's own button; without scripts the browser's menu prints.
const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => window.print());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelector("nav a").click();
});
