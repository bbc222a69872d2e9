// What the server wants to be known after an action, as events on the page: the same that htmx makes of its headers.
export function tell(events = {}) {
  for (const [name, detail] of Object.entries(events)) {
    document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: typeof detail === "object" ? detail : {} }));
  }
}
