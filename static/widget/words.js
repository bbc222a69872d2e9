// The texts of the widget in the visitor's language, the brand's own ones first; dates and sizes as they are written there.
export async function load({ lang, module, config }) {
  const { WORDS } = await module(`words-${lang}`);
  const own = config.texts ?? {};
  const say = (key, values = {}) => (own[key] || WORDS[key] || key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const format = (options) => new Intl.DateTimeFormat(lang, options);
  const clock = format({ hour: "numeric", minute: "2-digit" });
  const date = format({ month: "long", day: "numeric", weekday: "short" });
  const dayKey = (value) => value.toDateString();

  say.clock = (value) => clock.format(new Date(value));
  say.date = (value) => date.format(/^\d{4}-\d\d-\d\d$/.test(value) ? new Date(`${value}T00:00`) : new Date(value));
  say.on = (value) => format({ dateStyle: "long" }).format(new Date(value));
  say.day = (value) => {
    const when = new Date(value);
    const now = new Date();
    if (dayKey(when) === dayKey(now)) return say("today");
    if (dayKey(when) === dayKey(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return say("yesterday");
    return date.format(when);
  };
  say.size = (bytes) => (bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);
  say.wait = (seconds) => {
    if (seconds === null || seconds === undefined) return "";
    const minutes = Math.round(seconds / 60);
    if (minutes <= 1) return say("wait_soon");
    return minutes > 15 ? say("wait_long", { n: 15 }) : say("wait_minutes", { n: minutes });
  };
  // Nobody is promised an answer in minutes while nobody is there.
  say.presence = ({ open, agents, wait }, hours = "") => {
    if (!open) return hours ? `${say("closed_now")} · ${hours}` : say("closed_now");
    return agents ? say.wait(wait) || say("open_now") : say("away");
  };
  return say;
}
