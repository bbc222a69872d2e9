// What people wrote, with its links made pressable: web and mail addresses alone, never a script.
const LINK = /https?:\/\/[^\s<>"'「」『』（）、。]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const TRAILING = /[.,;:!?)\]}]+$/;

export function linked(text) {
  const made = document.createDocumentFragment();
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    const shown = found[0].replace(TRAILING, "");
    const link = anchor(shown);
    made.append(text.slice(end, found.index), link ?? shown);
    end = found.index + shown.length;
  }
  made.append(text.slice(end));
  return made;
}

function anchor(shown) {
  const link = document.createElement("a");
  if (!/^https?:/i.test(shown)) link.href = `mailto:${shown}`;
  else {
    const url = safe(shown);
    if (!url) return null;
    Object.assign(link, { href: url, target: "_blank", rel: "noopener noreferrer nofollow" });
  }
  link.textContent = shown;
  return link;
}

// The address if it is one of the web, else nothing.
export function safe(text, base) {
  try {
    const url = new URL(text, base);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : "";
  } catch {
    return "";
  }
}

// Emoji alone are shown large.
export const onlyEmoji = (text) => text.length < 18 && /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s)+$/u.test(text) && text.trim() !== "";
