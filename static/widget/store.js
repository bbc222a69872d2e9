// What outlives the page, and what the other tabs of this shop hear. Nothing is kept before `begin()`: a first message.
export function makeStore(brand) {
  const name = `helpdesk.${brand}`;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
  let kept = read();
  let keeping = kept !== null;
  kept ??= {};

  function read() {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  function write() {
    if (!keeping) return;
    try {
      localStorage.setItem(name, JSON.stringify(kept));
    } catch {
      // a full or forbidden store: the conversation lives as long as the page
    }
  }

  return {
    get: (key) => kept[key],
    keeping: () => keeping,
    set(values) {
      Object.assign(kept, values);
      write();
    },
    begin() {
      keeping = true;
      write();
    },
    // Messages that wait are kept by each tab under their own keys, so that no tab writes over another's.
    queue: {
      list: () => Object.values(read()?.queue ?? kept.queue ?? {}).sort((one, other) => one.at - other.at),
      put(item) {
        kept.queue = { ...(keeping && read()?.queue), ...kept.queue, [item.key]: item };
        write();
      },
      drop(key) {
        kept.queue = { ...(keeping && read()?.queue) };
        delete kept.queue[key];
        write();
      },
    },
    tell: (fact) => channel?.postMessage(fact),
    hear(listener) {
      channel?.addEventListener("message", (event) => listener(event.data));
    },
  };
}

export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // a shop on plain http
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
