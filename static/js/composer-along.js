// What goes along with the words where the channel has it: the order as a card, and quick replies to press.
import { box, changed, form, words } from "./editor.js";

const MOST = 6; // more is no help to anybody
let most = 0;
let longest = 20;
let preview = null;
let order = "";

const cardPlace = () => form("reply")?.querySelector(".card-along");
const offersPlace = () => form("reply")?.querySelector(".offers");
const button = (what) => form("reply").querySelector(`[data-${what}-toggle]`);

export const card = () => form("reply")?.elements.card?.value ?? "";
export const offers = () => [...(offersPlace()?.querySelectorAll("[name=offer]:enabled") ?? [])].map((one) => one.value.trim()).filter(Boolean);

export function fit(facts, template, wanted) {
  most = Math.min(Number(facts.choices) || 0, MOST);
  longest = Number(facts.choice) || 20;
  order = facts.order || "";
  preview = template;
  const free = facts.mode === "free" || facts.mode === "human";
  const social = !["email", "chat"].includes(facts.kind);
  button("card").hidden = !(order && social && free);
  button("offers").hidden = !(most && free);
  if (card() || (wanted.card && wanted.card === order)) showCard(!button("card").hidden);
  if (wanted.offers.length && !offers().length) fill(wanted.offers);
  showOffers(!button("offers").hidden && (offers().length > 0 || !offersPlace().hidden));
}

export function clear() {
  cardPlace()?.replaceChildren();
  offersPlace()?.replaceChildren();
  for (const place of [cardPlace(), offersPlace()]) if (place) place.hidden = true;
}

function showCard(on) {
  const place = cardPlace();
  place.replaceChildren();
  if (on && preview) {
    const leave = Object.assign(document.createElement("button"), { type: "button", className: "chip-x", textContent: "×" });
    leave.setAttribute("aria-label", words().withoutCard);
    leave.dataset.cardLeave = "";
    const value = Object.assign(document.createElement("input"), { type: "hidden", name: "card", value: order });
    place.append(preview.content.cloneNode(true), leave, value);
  }
  place.hidden = !place.childElementCount;
  button("card").setAttribute("aria-pressed", String(!place.hidden));
}

function showOffers(on) {
  const place = offersPlace();
  place.hidden = !on;
  for (const one of place.children) one.disabled = !on;
  if (on) grow();
  button("offers").setAttribute("aria-pressed", String(on));
}

function fill(values) {
  offersPlace().replaceChildren();
  for (const value of values) grow().value = value;
}

// One more field as soon as the last is filled.
function grow() {
  const place = offersPlace();
  const free = [...place.children].find((one) => !one.value.trim());
  if (free || place.childElementCount >= most) return free;
  const field = Object.assign(document.createElement("input"), { type: "text", name: "offer", maxLength: longest, autocomplete: "off" });
  field.placeholder = words().offer.replace("{n}", place.childElementCount + 1);
  field.setAttribute("aria-label", field.placeholder);
  place.append(field);
  return field;
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#composer [data-card-toggle], #composer [data-card-leave]")) {
    showCard(!card());
    changed("reply");
    if (event.target.closest("[data-card-leave]")) button("card").focus();
  }
  if (event.target.closest?.("#composer [data-offers-toggle]")) {
    showOffers(offersPlace().hidden);
    if (!offersPlace().hidden) offersPlace().querySelector("input").focus();
    changed("reply");
  }
});
document.addEventListener("input", (event) => {
  if (!event.target.matches?.(".offers [name=offer]")) return;
  grow();
  changed("reply");
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.(".offers [name=offer]") || event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
  event.preventDefault(); // the answer is sent from its own field
  (event.target.nextElementSibling ?? box().querySelector("#reply-form .text")).focus();
});
