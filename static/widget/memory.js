// What campaigns have to remember of this browser: when each was shown, and visits where a rule asks for them.
// Nothing is written before there is something to remember; without a store that works there are no campaigns.
const DAY = 86_400_000;
const APART = 30 * 60_000; // pages so close together are one visit

export function makeMemory(brand) {
  const name = `helpdesk.${brand}.campaigns`;
  const store = usable();
  if (!store) return null;

  function read() {
    try {
      return JSON.parse(store.getItem(name)) ?? {};
    } catch {
      return {};
    }
  }

  function write(values) {
    try {
      store.setItem(name, JSON.stringify({ ...read(), ...values }));
    } catch {
      // full: it may be shown once more
    }
  }

  return {
    // -> which visit this is; the first is 1.
    visit(now = Date.now()) {
      const { visits = 0, last = 0 } = read();
      const count = now - last > APART ? visits + 1 : Math.max(1, visits);
      write({ visits: count, last: now });
      return count;
    },
    isDue: (one, now = Date.now()) => now - (read().shown?.[one.key] ?? 0) >= (one.every_days || 1) * DAY,
    shown(key, now = Date.now()) {
      write({ shown: { ...read().shown, [key]: now } });
    },
  };
}

// A store that is forbidden would show the same words on every page.
function usable() {
  try {
    localStorage.getItem("");
    return localStorage;
  } catch {
    return null;
  }
}
