// Articles in the list of macros: their words, or their link alone, put where the cursor is.
import { focus, insert, insertFormatted } from "./editor.js";
import { notify } from "./notices.js";

const menu = () => document.getElementById("macro-menu");

async function put(link) {
  const language = menu().querySelector('[name="tongue"]:checked')?.value ?? "";
  try {
    const answer = await fetch(`${link.pathname}?tongue=${language}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const words = await answer.json();
    leave();
    insertFormatted(words.html, words.text);
    focus("reply");
  } catch {
    notify(document.body.dataset.offline, "error");
  }
}

function leave() {
  document.dispatchEvent(new CustomEvent("composer-show", { detail: { mode: "reply" } }));
  menu().open = false;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#macro-menu a[data-article]");
  const address = event.target.closest?.("[data-article-link]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    put(link);
  }
  if (!address) return;
  leave();
  insert("reply", `${address.dataset.title}\n${address.dataset.articleLink}`);
  focus("reply");
});
