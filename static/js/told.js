// What the server tells with its answer reaches the page though the element that asked has been renewed meanwhile: a live
// change may be faster than the answer to what caused it.
document.addEventListener("htmx:beforeRequest", ({ detail: { elt, xhr } }) => {
  let gone = false;
  xhr.addEventListener("readystatechange", () => { if (xhr.readyState === XMLHttpRequest.DONE) gone = !elt.isConnected; });
  xhr.addEventListener("load", () => { if (gone) tell(xhr.getResponseHeader("HX-Trigger") ?? ""); });
});

function tell(header) {
  const told = header.startsWith("{") ? JSON.parse(header) : Object.fromEntries(header.split(",").map((name) => [name.trim(), {}]));
  for (const [name, value] of Object.entries(told)) {
    if (name) window.htmx.trigger(document.body, name, value instanceof Object ? value : { value });
  }
}
