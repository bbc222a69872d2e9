// News while the window is not looked at: a number in the title, and by the agent's choice a sound and a notice of
// the desktop. Of several windows one alone is heard.
const base = document.getElementById("line");
const QUIET = 3_000; // milliseconds between two sounds
const news = new Set();
let voice = false;
let sounded = 0;
let audio = null;

const NAMES = new Set(["message_received", "agent_notified"]);
const chosen = (name) => base?.dataset[name] === "1" || document.body.dataset[name] === "1";
const names = (fact) => [fact.name, ...(fact.also ?? [])];

export function signal(fact) {
  if (!names(fact).some((name) => NAMES.has(name))) return;
  if (document.hidden) {
    news.add(fact.ticket ?? "");
    count();
  }
  if (!document.hasFocus()) once(fact, () => aloud(fact));
}

function count() {
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = news.size ? `(${news.size}) ${title}` : title;
}

function aloud(fact) {
  if (chosen("sound") && Date.now() - sounded > QUIET) {
    sounded = Date.now();
    beep();
  }
  if (chosen("desktop") && globalThis.Notification?.permission === "granted") {
    const notice = new Notification(fact.you ? base.dataset.called : base.dataset.arrived, { tag: fact.ticket ?? "you", icon: base.dataset.icon });
    notice.onclick = () => {
      window.focus();
      window.location.assign(fact.ticket ? `/tickets/${fact.ticket}` : "/notifications");
      notice.close();
    };
  }
}

// The lock's holder speaks. Pages without a secure origin have no locks: there the first to note the fact's number does.
function once(fact, speak) {
  if (navigator.locks) {
    if (voice) speak();
    return;
  }
  setTimeout(() => {
    const number = `${base.dataset.at.split(".")[0]}.${fact.seq}`;
    if (localStorage.getItem("voice") === number) return;
    localStorage.setItem("voice", number);
    speak();
  }, Math.random() * 300);
}

function beep() {
  if (audio?.state !== "running") return;
  const [tone, loudness, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime];
  tone.frequency.setValueAtTime(740, at);
  tone.frequency.setValueAtTime(988, at + 0.09);
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(0.07, at + 0.015);
  loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
  tone.connect(loudness).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.36);
}

if (base) {
  navigator.locks?.request("helpdesk-voice", () => new Promise(() => {
    voice = true;
  }));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    news.clear();
    count();
  });
  // Browsers let a page sound only after somebody has touched it.
  for (const name of ["pointerdown", "keydown"]) {
    document.addEventListener(name, () => {
      if (!chosen("sound")) return;
      audio ??= new AudioContext();
      if (audio.state === "suspended") audio.resume();
    }, { passive: true });
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches?.('input[type=checkbox][name="desktop"]') && event.target.checked) globalThis.Notification?.requestPermission();
  });
}
