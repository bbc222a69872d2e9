// Formatted mail: its frame is as high as its content, and each message is shown again as the reader last chose.
const KEY = "helpdesk.formatted";
const MOST = 300;

function chosen() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function remember(details) {
  const { [details.dataset.view]: _before, ...others } = chosen();
  const usual = details.hasAttribute("data-rich");
  const all = Object.entries(details.open === usual ? others : { ...others, [details.dataset.view]: details.open });
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(all.slice(-MOST))));
  } catch { /* a full or forbidden store: shown as usual next time */ }
}

function apply(root) {
  const before = chosen();
  for (const details of root.querySelectorAll("details[data-view]")) {
    if (details.dataset.view in before) details.open = before[details.dataset.view];
  }
  for (const frame of root.querySelectorAll(".message-formatted iframe")) fit(frame);
}

function fit(frame) {
  const inside = frame.contentDocument;
  if (!inside?.body || inside.URL === "about:blank" || frame.fitted === inside) return;
  frame.fitted = inside;
  inside.documentElement.dataset.theme = document.documentElement.dataset.theme;
  const measure = () => {
    const height = Math.ceil(inside.documentElement.getBoundingClientRect().height);
    if (!height || frame.style.height === `${height}px`) return;
    frame.style.height = `${height}px`;
    document.dispatchEvent(new Event("frame-grown"));
  };
  new ResizeObserver(measure).observe(inside.body);
  inside.addEventListener("keydown", (event) => {
    if (event.key === "Escape") frame.blur();
  });
  measure();
}

document.addEventListener("load", (event) => {
  if (event.target.matches?.(".message-formatted iframe")) fit(event.target);
}, true);
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details[data-view]")) remember(event.target);
}, true);
document.addEventListener("htmx:load", (event) => apply(event.detail.elt));
document.addEventListener("click", (event) => {
  const details = event.target.closest?.("[data-show-images]")?.closest("details");
  if (!details) return;
  details.dataset.asked = "1";
  const frame = details.querySelector("iframe");
  frame.src = `/messages/${details.dataset.view}/frame?images=1`;
});
apply(document);
