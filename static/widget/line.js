// The socket: opens, says hello, comes back after a while when it breaks, sooner when the network returns.
const SLOWEST = 30_000;
const FINAL = new Set([4400, 4403, 4404]); // refused for good: this page, this brand

export function makeLine({ url, hello, onframe, onstate }) {
  let socket = null;
  let tries = 0;
  let timer = 0;
  let wanted = false;

  function open() {
    clearTimeout(timer);
    if (socket || !wanted) return;
    onstate("connecting");
    const mine = new WebSocket(url);
    socket = mine;
    mine.addEventListener("open", () => mine.send(JSON.stringify(hello())));
    mine.addEventListener("message", (event) => {
      const frame = parse(event.data);
      if (frame?.type === "welcome") {
        tries = 0;
        onstate("open");
      }
      if (frame && mine === socket) onframe(frame);
    });
    mine.addEventListener("close", (event) => lost(mine, event.code));
  }

  function lost(which, code) {
    if (which !== socket) return;
    socket = null;
    onstate(FINAL.has(code) ? "refused" : "lost");
    if (FINAL.has(code)) wanted = false;
    if (!wanted) return;
    const wait = Math.min(SLOWEST, 500 * 2 ** tries++);
    timer = setTimeout(open, wait * (0.5 + Math.random())); // not all visitors at once
  }

  function soon() {
    if (!wanted || socket) return;
    tries = 0;
    open();
  }

  addEventListener("online", soon);
  addEventListener("offline", () => restart("offline"));
  document.addEventListener("visibilitychange", () => document.hidden || soon());

  function restart() {
    const old = socket;
    socket?.close();
    if (old) lost(old, 0);
  }

  return {
    start() {
      wanted = true;
      open();
    },
    again() {
      restart();
      soon();
    },
    send(frame) {
      if (socket?.readyState !== 1) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
