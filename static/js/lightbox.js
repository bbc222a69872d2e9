// Pictures and texts of messages in a window over the page: arrows go on, Escape closes.
let dialog;
let shown = [];
let place = 0;
const word = (name) => document.getElementById("messages")?.dataset[`word${name}`] ?? "";

function make() {
  dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  dialog.innerHTML = '<header><b></b><span class="num"></span><a class="button button-small" download></a><button type="button" class="icon-button" value="close">×</button></header><div class="lightbox-stage"><button type="button" class="lightbox-step" value="previous">‹</button><figure tabindex="-1"></figure><button type="button" class="lightbox-step" value="next">›</button></div>';
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.matches("figure, .lightbox-stage")) dialog.close();
    const { value } = event.target;
    if (value === "close") dialog.close();
    if (value === "next") step(1);
    if (value === "previous") step(-1);
  });
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "ArrowRight") step(1);
    if (event.key === "ArrowLeft") step(-1);
  });
}

function step(by) {
  if (shown.length < 2) return;
  place = (place + by + shown.length) % shown.length;
  show();
}

async function show() {
  const link = shown[place];
  const figure = dialog.querySelector("figure");
  dialog.querySelector("b").textContent = link.dataset.name;
  dialog.querySelector(".num").textContent = shown.length > 1 ? `${place + 1} / ${shown.length}` : "";
  const download = dialog.querySelector("a");
  download.href = link.dataset.download;
  download.textContent = word("Download");
  for (const [value, name] of [["close", "Close"], ["next", "Next"], ["previous", "Previous"]]) {
    const button = dialog.querySelector(`[value=${value}]`);
    button.ariaLabel = word(name);
    button.hidden = value !== "close" && shown.length < 2;
  }
  figure.replaceChildren(link.dataset.lightbox === "text" ? await text(link) : picture(link));
}

function picture(link) {
  const image = new Image();
  image.src = link.href;
  image.alt = link.dataset.name;
  return image;
}

async function text(link) {
  const page = document.createElement("pre");
  page.tabIndex = 0;
  const answer = await fetch(link.href).catch(() => null);
  page.textContent = answer?.ok ? await answer.text() : document.body.dataset.offline;
  return page;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-lightbox]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (!dialog) make();
  const kind = link.dataset.lightbox;
  shown = kind === "text" ? [link] : [...document.querySelectorAll("#messages [data-lightbox='']")];
  place = shown.indexOf(link);
  dialog.dataset.kind = kind || "image";
  show();
  dialog.showModal();
});
