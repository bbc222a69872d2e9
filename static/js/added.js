// After an answer or a note the page gets only what it lacks: an empty composer, the head, and what was said.
const state = () => document.getElementById("messages-state");

// Whoever went to another ticket meanwhile keeps that one's composer and head.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target, pathInfo } = detail;
  if (target.id === "composer" && !pathInfo.requestPath.startsWith(`/tickets/${target.dataset.key}/`)) detail.shouldSwap = false;
});

// Where the messages were renewed meanwhile nothing is added to them; they look for themselves whether they are complete.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { fragment, target } = event.detail;
  const piece = fragment.dataset ? fragment : fragment.firstElementChild;
  if (!piece?.dataset.after || piece.dataset.after === state().dataset.mark) return;
  event.detail.shouldSwap = false;
  if (target === state()) document.body.dispatchEvent(new CustomEvent(`ticket-${target.closest("#conversation").dataset.key}`));
});
