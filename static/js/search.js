// From the list's search field down into the results, and back up.
const field = () => document.querySelector(".pane-search input[type=search]");
const first = () => document.querySelector("#rows .ticket-row");

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown" && event.target === field() && first()) {
    event.preventDefault();
    first().focus();
  } else if (event.key === "ArrowUp" && event.target === first() && field()?.value) {
    event.preventDefault();
    event.stopImmediatePropagation();
    field().focus();
  }
});

// Enter asks for itself: what the typing before it still wants to ask a moment later would take its place.
let asked = null;
document.addEventListener("submit", (event) => {
  if (event.target.matches?.(".pane-search")) asked = field().value;
});
document.addEventListener("htmx:confirm", (event) => {
  if (event.target !== field()) return;
  if (event.target.value === asked) event.preventDefault();
  else asked = null;
});
