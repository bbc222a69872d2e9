// What was typed and not sent survives a reload: kept in this browser, by ticket, until it is sent.
const PREFIX = "draft:";

function place(area) {
  const box = area.closest("#composer");
  return `${PREFIX}${box.dataset.key}:${area.closest("form").id}`;
}

export function keep(area) {
  if (area.value.trim()) localStorage.setItem(place(area), area.value);
  else localStorage.removeItem(place(area));
}

function restore() {
  for (const area of document.querySelectorAll("#composer .text")) {
    if (area.value) continue;
    area.value = localStorage.getItem(place(area)) || "";
    if (area.value) area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("#composer .text")) keep(event.target);
});
document.addEventListener("composer-sent", (event) => {
  for (const form of ["reply-form", "note-form"]) {
    const name = `${PREFIX}${event.detail.key}:${form}`;
    if (form === (document.getElementById("composer")?.dataset.mode || "reply") + "-form") localStorage.removeItem(name);
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "conversation") restore();
});
restore();
