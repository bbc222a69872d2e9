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
    badge();
  }
  if (!document.hasFocus()) once(fact, () => aloud(fact));
}

// A page that counts by itself says so in [data-badge]; elsewhere it is what came in unseen.
export function badge() {
  const own = document.querySelector("[data-badge]")?.dataset.badge;
  const shown = own === undefined ? news.size : Number(own);
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = shown ? `(${shown}) ${title}` : title;
}

// A chat that somebody looks past while they are at work in another: heard by whoever wants sounds.
export function ring() {
  if (!document.hasFocus() || !chosen("sound") || Date.now() - sounded < QUIET) return;
  sounded = Date.now();
  beep();
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
      if (document.getElementById(`chat-${fact.ticket}`)) document.dispatchEvent(new CustomEvent("go-to-chat", { detail: { key: fact.ticket } }));
      else window.location.assign(fact.ticket ? `/tickets/${fact.ticket}` : "/notifications");
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
    badge();
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
