// Seconds until a held answer leaves, by the browser's clock from what the server said was left.
setInterval(() => {
  for (const words of document.querySelectorAll("[data-countdown]")) tick(words);
}, 500);

function tick(words) {
  const { left, from } = words.dataset;
  if (left !== from) {
    words.dataset.until = String(Date.now() + Number(left) * 1000);
    words.dataset.from = left;
  }
  const seconds = Math.ceil((Number(words.dataset.until) - Date.now()) / 1000);
  const said = seconds > 0 ? words.dataset.words.replace("{n}", seconds) : words.dataset.over;
  if (words.textContent !== said) words.textContent = said;
  if (seconds <= 0) words.parentElement.querySelector("form")?.setAttribute("hidden", "");
}
