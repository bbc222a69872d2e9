// What is being pressed must not move away or be replaced: a click on what is gone by then would be none.
let down = false;

for (const [name, now] of [["pointerdown", true], ["pointerup", false], ["pointercancel", false]]) {
  addEventListener(name, () => { down = now; }, true);
}

// When nothing is pressed any more, after the click.
export async function released() {
  if (!down) return;
  await new Promise((done) => {
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => setTimeout(done), { once: true, capture: true });
  });
}
