import type { Reading } from "./pick.ts";

const hint = "Select a place on the map to read its figures here. With the keyboard: arrow keys move the map, plus and minus zoom, Enter reads what is under the cross.";

/** The box under the map that says what was picked. */
export class Reader {
  readonly box = document.createElement("div");

  constructor() {
    this.box.className = "app-reader";
    this.box.setAttribute("role", "status");
    this.clear();
  }

  clear(): void {
    this.box.replaceChildren(paragraph(hint, "app-reader__hint"));
  }

  nothing(): void {
    this.box.replaceChildren(paragraph("There is only sea here. Move the map until the cross is on land.", "app-reader__hint"));
  }

  say(reading: Reading): void {
    const title = paragraph(reading.title, "app-reader__title");
    if (reading.titleCy) {
      const welsh = document.createElement("span");
      welsh.className = "app-reader__welsh";
      welsh.lang = "cy";
      welsh.textContent = reading.titleCy;
      title.append(" ", welsh);
    }
    const parts: Node[] = [title, ...reading.lines.map((line) => paragraph(line, "app-reader__line"))];
    if (reading.links.length > 0) parts.push(makeLinks(reading.links));
    this.box.replaceChildren(...parts);
  }
}

function makeLinks(links: Reading["links"]): HTMLParagraphElement {
  const line = paragraph("", "app-reader__links");
  for (const { url, label } of links) {
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = url;
    link.textContent = label;
    line.append(link);
  }
  return line;
}

function paragraph(words: string, name: string): HTMLParagraphElement {
  const made = document.createElement("p");
  made.className = name;
  made.textContent = words;
  return made;
}

