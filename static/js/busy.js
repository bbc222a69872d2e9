// What is being loaded says so; what could not be loaded can be asked for again.
import { dismiss, notify } from "./notices.js";

const silent = (detail) => detail.elt?.matches?.("[hx-trigger*='every']") && !(detail.requestConfig.triggeringEvent instanceof MouseEvent);
let offline = null;

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target !== document.body && !silent(detail)) detail.target?.setAttribute?.("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  detail.target?.removeAttribute?.("aria-busy");
  if (!detail.failed && offline) {
    dismiss(offline);
    offline = null;
  }
});
for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, ({ detail }) => {
    if (offline?.isConnected) return;
    offline = notify(document.body.dataset.offline, "error", { label: document.body.dataset.retry, run: () => again(detail) });
  });
}

function again({ requestConfig, elt, target }) {
  const { verb, path, parameters } = requestConfig;
  if (verb === "get") window.htmx.ajax("GET", path, { source: elt.isConnected ? elt : undefined, target });
  else if (elt.matches("form") && elt.isConnected) elt.requestSubmit();
  else window.htmx.ajax(verb.toUpperCase(), path, { source: elt, target, values: parameters });
}
