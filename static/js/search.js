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
