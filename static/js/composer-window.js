// The time that is left to answer, counted down; when it is over the server is asked what is allowed then.
const DAY = 86_400; // seconds
let watched = null;
let ahead = 0; // of this browser's clock
let over = () => {};

const two = (number) => String(number).padStart(2, "0");

export function shown(place, before, whenOver) {
  watched = place;
  ahead = Number.isFinite(before) ? before : 0;
  over = whenOver;
  tick();
}

function tick() {
  for (const one of watched?.isConnected ? watched.querySelectorAll("[data-until]") : []) {
    const left = Math.ceil((Date.parse(one.dataset.until) - Date.now() - ahead) / 1000);
    if (left <= 0) end(one);
    else say(one, left);
  }
}

function end(one) {
  if (one.dataset.over) return;
  one.dataset.over = "1";
  one.closest(".ways-in").dataset.mark = "";
  over();
}

function say(one, left) {
  const text = words(one.dataset, left);
  const place = one.querySelector(".window-words");
  if (place.textContent !== text) place.textContent = text;
  one.classList.toggle("window-soon", left < 3600);
}

function words({ days, hours, minutes, seconds }, left) {
  const [d, h, m] = [Math.floor(left / DAY), Math.floor(left / 3600), Math.floor(left / 60)];
  if (left < 600 || !hours) return seconds.replace("{m}", m).replace("{s}", two(left % 60));
  if (left < 3600) return minutes.replace("{m}", m);
  if (left < 2 * DAY) return hours.replace("{h}", h).replace("{m}", m % 60);
  return days.replace("{d}", d).replace("{h}", h % 24);
}

setInterval(tick, 500);
