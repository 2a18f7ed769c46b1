// Buttons beside the links that keep and share a view. The links work without
// them.

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** The code that shows a map in a frame of another page. */
export function embedCode(address: string, title: string): string {
  return `<iframe src="${escape(address)}" title="${escape(title)}" width="100%" height="760" loading="lazy"></iframe>`;
}

function button(words: string, press: (made: HTMLButtonElement) => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "app-keep__button";
  made.textContent = words;
  made.addEventListener("click", () => press(made));
  return made;
}

/** Copies a text and says so on the button; where it may not, shows it to be copied by hand. */
async function copy(text: string, words: string, made: HTMLButtonElement): Promise<void> {
  const box = document.getElementById("keep-code");
  try {
    await navigator.clipboard.writeText(text);
    made.textContent = "Copied";
    setTimeout(() => (made.textContent = words), 3000);
  } catch {
    if (box instanceof HTMLTextAreaElement) showText(box, text);
  }
}

function showText(box: HTMLTextAreaElement, text: string): void {
  box.value = text;
  box.hidden = false;
  box.focus();
  box.select();
}

/** Adds the buttons, again whenever the row is new. picture draws the map as it stands; null where there is none. */
export function addShareButtons(picture: (() => Promise<void>) | null): void {
  const keep = document.getElementById("keep");
  if (!keep || keep.querySelector("button")) return;
  const box = document.createElement("textarea");
  box.id = "keep-code";
  box.className = "app-keep__code";
  box.rows = 3;
  box.readOnly = true;
  box.hidden = true;
  box.setAttribute("aria-label", "To copy");
  const row = document.createElement("p");
  row.className = "app-keep__row";
  row.append(button("Copy link", (made) => void copy(location.href, "Copy link", made)));
  const embed = keep.querySelector<HTMLAnchorElement>('[data-share="embed"]');
  if (embed) row.append(button("Code to embed", () => showText(box, embedCode(embed.href + location.hash, document.title))));
  if (picture) {
    row.append(button("Picture (PNG)", (made) => {
      made.disabled = true;
      void picture().finally(() => (made.disabled = false));
    }));
  }
  row.append(button("Print", () => print()));
  keep.append(row, box);
}
