// Notices: closed by their button, by Escape, or by themselves unless they tell of an error.
const area = () => document.getElementById("notices");

export function notify(text, kind = "ok") {
  const notice = document.createElement("div");
  notice.className = `notice notice-${kind}`;
  const words = document.createElement("p");
  words.textContent = text;
  notice.append(words);
  area()?.append(notice);
  expire(notice);
}

function expire(notice) {
  if (!notice.classList.contains("notice-error")) setTimeout(() => notice.remove(), 7000);
}

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-dismiss]")?.closest(".notice")?.remove();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") area()?.replaceChildren();
});
document.addEventListener("notice", (event) => notify(event.detail.text, event.detail.kind));
document.addEventListener("htmx:sendError", () => notify(document.body.dataset.offline || "offline", "error"));
document.addEventListener("htmx:oobAfterSwap", () => area()?.querySelectorAll(".notice").forEach(expire));
area()?.querySelectorAll(".notice").forEach(expire);
