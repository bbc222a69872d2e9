// The conversation: starts at its end, stays there while messages come in, and opens the customer panel on small screens.
const messages = () => document.getElementById("messages");
let atEnd = true;
let last = "";
const near = (area) => area.scrollHeight - area.scrollTop - area.clientHeight < 80;
const watch = new ResizeObserver(() => atEnd && toEnd());

function toEnd() {
  const area = messages();
  if (area) area.scrollTop = area.scrollHeight;
}

function opened() {
  const conversation = document.getElementById("conversation");
  if (!conversation?.dataset.key) return;
  document.title = conversation.dataset.title;
  document.querySelector(".desk")?.classList.remove("show-side");
  atEnd = true;
  last = messages().dataset.last;
  toEnd();
  watch.disconnect();
  watch.observe(messages());
}

document.addEventListener("scroll", (event) => {
  if (event.target === messages()) atEnd = near(event.target);
}, true);
document.addEventListener("htmx:beforeSwap", (event) => {
  const area = messages();
  if (area) atEnd = near(area);
  // Reading on in quoted or formatted text is worth more than a quick refresh.
  if (event.target.id === "messages" && event.target.querySelector("details[open]")) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "conversation") opened();
  else if (["messages", "head", "composer"].includes(event.target.id) && atEnd) toEnd();
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "messages") return;
  const area = messages();
  if (last && area.dataset.last !== last) document.getElementById("live").textContent = area.lastElementChild.textContent.trim().slice(0, 200);
  last = area.dataset.last;
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-panel-toggle]")) {
    event.preventDefault();
    document.querySelector(".desk").classList.toggle("show-side");
  } else if (!event.target.closest?.("#panel")) document.querySelector(".desk.show-side")?.classList.remove("show-side");
  const images = event.target.closest?.("[data-show-images]");
  if (images) {
    images.parentElement.querySelector("iframe").src = `${images.parentElement.dataset.frame}?images=1`;
    images.remove();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelector(".desk.show-side")?.classList.remove("show-side");
});
opened();
