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

// The macro itself is kept by its key: what it does on sending comes again from the server.
export function keepMacro() {
  const key = document.querySelector('#draft [name="macro"]')?.value;
  if (key) localStorage.setItem(macroPlace(), key);
}

const macroPlace = () => `${PREFIX}${document.getElementById("composer").dataset.key}:macro`;

function restoreMacro() {
  const composer = document.getElementById("composer");
  if (!composer || document.querySelector('#draft [name="macro"]')) return;
  const key = localStorage.getItem(macroPlace());
  if (key && document.querySelector("#reply-form .text").value.trim()) {
    window.htmx?.ajax("GET", `/tickets/${composer.dataset.key}/macros/${key}?again=1`, { target: "#draft", swap: "outerHTML" });
  } else localStorage.removeItem(macroPlace());
}

function restore() {
  for (const area of document.querySelectorAll("#composer .text")) {
    if (area.value) continue;
    area.value = localStorage.getItem(place(area)) || "";
    if (area.value) area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  restoreMacro();
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("#composer .text")) keep(event.target);
});
document.addEventListener("composer-sent", (event) => {
  for (const form of ["reply-form", "note-form"]) {
    const name = `${PREFIX}${event.detail.key}:${form}`;
    if (form.startsWith(event.detail.mode)) localStorage.removeItem(name);
  }
  if (event.detail.mode === "reply") localStorage.removeItem(`${PREFIX}${event.detail.key}:macro`);
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "conversation") restore();
});
restore();
