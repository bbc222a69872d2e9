// What a reader has opened, asked for or begun to write stays as it is while the messages are renewed around it.
const OURS = ["open", "data-asked", "data-until", "data-from"];
const callbacks = window.Idiomorph?.defaults.callbacks;

if (callbacks) {
  callbacks.beforeAttributeUpdated = (name, node) => !(node.closest?.("#messages, #panel") && kept(name, node));
  callbacks.beforeNodeRemoved = (node) => !node.matches?.(".note-correction:not([data-done])");
}

function kept(name, node) {
  if (node.tagName === "IFRAME") return name === "style" || (name === "src" && node.closest("[data-asked]") !== null);
  return OURS.includes(name) || (name === "hidden" && node.id === "to-latest");
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig?.elt?.closest?.(".note-correction");
  if (form && event.detail.shouldSwap) form.dataset.done = "1";
});
