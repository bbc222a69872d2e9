// Buttons that copy what stands beside them: [data-copy] names the element, [data-done] says that it is done.
import { notify } from "./notices.js";

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
  notify(button.dataset.done, "ok");
});

const show = () => {
  if (navigator.clipboard) for (const one of document.querySelectorAll("[data-copy]")) one.hidden = false;
};
document.addEventListener("htmx:load", show);
show();
