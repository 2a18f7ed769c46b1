// The map as a picture file, with all that makes it readable by itself: title,
// figures, filters, key and sources are drawn in.

/** What is drawn around the map. */
export interface Caption {
  title: string;
  lines: string[]; // above the map
  key: { title: string; steps: { colour: string; label: string }[] }[];
  sources: string[]; // below it
}

const text = (root: ParentNode, selector: string): string => root.querySelector(selector)?.textContent?.replace(/\s+/g, " ").trim() ?? "";

/** Reads the caption from the page, which says all of it. */
export function readCaption(page: Document, address: string): Caption {
  const chips = [...page.querySelectorAll(".app-chips .app-chip")].map((chip) => {
    const copy = chip.cloneNode(true) as Element;
    for (const extra of copy.querySelectorAll(".govuk-visually-hidden, [aria-hidden]")) extra.remove();
    return copy.textContent?.replace(/\s+/g, " ").trim() ?? "";
  });
  const layer = text(page, ".app-layers [aria-current]");
  const states = [...page.querySelectorAll(".app-evidence__states li")].map((state) => state.textContent?.replace(/\s+/g, " ").trim() ?? "");
  return {
    title: [text(page, "h1"), layer].filter(Boolean).join(": "),
    lines: [text(page, "#sentence"), states.join(", "), [text(page, "#time-now"), ...chips].filter(Boolean).join(". ")].filter(Boolean),
    key: [...page.querySelectorAll<HTMLElement>("#map-key .app-key__group:not([hidden])")].map((group) => ({
      title: text(group, ".app-key__label") || text(group, ".app-key__hint"),
      steps: [...group.querySelectorAll<HTMLElement>("li[data-colour]")].map((item) => ({ colour: item.dataset["colour"] ?? "", label: item.textContent?.trim() ?? "" })),
    })),
    sources: [...(page.querySelector(".app-banner") ? ["Demonstration data: made up, do not use these figures."] : []), text(page, "#map-note").replace(/ ?Sources and licences$/, ""), address],
  };
}

/** Breaks a line into as many as fit a width. */
export function wrap(words: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && !fits(longer)) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

/** Draws a caption around a map that is scale times as large as on the page. */
export function compose(map: HTMLCanvasElement, caption: Caption, scale: number): HTMLCanvasElement {
  const sheet = document.createElement("canvas");
  const pen = sheet.getContext("2d");
  if (!pen) throw new Error("this browser draws no pictures");
  const margin = 20 * scale;
  const fonts = { title: `700 ${24 * scale}px "Noto Sans", sans-serif`, line: `${16 * scale}px "Noto Sans", sans-serif`, small: `${13 * scale}px "Noto Sans", sans-serif` };
  const rows: { font: string; words: string; height: number }[] = [];
  const put = (font: string, words: string, height: number) => {
    pen.font = font;
    for (const line of wrap(words, (l) => pen.measureText(l).width <= map.width - 2 * margin)) rows.push({ font, words: line, height: height * scale });
  };
  put(fonts.title, caption.title, 34);
  for (const line of caption.lines) put(fonts.line, line, 23);
  const above = rows.splice(0);
  for (const line of caption.sources) put(fonts.small, line, 18);
  const below = rows.splice(0);
  const sum = (list: typeof rows) => list.reduce((height, row) => height + row.height, 0);
  const steps = Math.max(0, ...caption.key.map((group) => group.steps.length));
  const keyHeight = caption.key.length > 0 ? (32 + steps * 24) * scale : 0;
  const top = margin + sum(above) + 8 * scale;
  sheet.width = map.width;
  sheet.height = top + map.height + margin + keyHeight + sum(below) + margin;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.drawImage(map, 0, top);
  pen.textBaseline = "top";
  const write = (list: typeof rows, from: number) => {
    let y = from;
    pen.fillStyle = "#0b0c0c";
    for (const row of list) {
      pen.font = row.font;
      pen.fillText(row.words, margin, y);
      y += row.height;
    }
    return y;
  };
  write(above, margin);
  drawKey(pen, caption.key, margin, top + map.height + margin, scale, fonts);
  write(below, top + map.height + margin + keyHeight);
  return sheet;
}

function drawKey(pen: CanvasRenderingContext2D, key: Caption["key"], x: number, y: number, scale: number, fonts: { line: string }): void {
  let left = x;
  for (const group of key) {
    pen.font = `700 ${fonts.line}`;
    pen.fillStyle = "#0b0c0c";
    pen.fillText(group.title, left, y);
    let widest = pen.measureText(group.title).width;
    pen.font = fonts.line;
    for (const [i, step] of group.steps.entries()) {
      const at = y + (28 + i * 24) * scale;
      pen.fillStyle = step.colour;
      pen.fillRect(left, at, 26 * scale, 16 * scale);
      pen.strokeStyle = "#4c5a66";
      pen.strokeRect(left, at, 26 * scale, 16 * scale);
      pen.fillStyle = "#0b0c0c";
      pen.fillText(step.label, left + 36 * scale, at - scale);
      widest = Math.max(widest, 36 * scale + pen.measureText(step.label).width);
    }
    left += widest + 40 * scale;
  }
}

/** Hands the picture to the reader as a file. */
export async function savePicture(map: HTMLCanvasElement): Promise<void> {
  const scale = map.width / Math.max(1, map.clientWidth);
  const sheet = compose(map, readCaption(document, location.href), scale);
  const blob = await new Promise<Blob | null>((done) => sheet.toBlob(done, "image/png"));
  if (!blob) throw new Error("the picture could not be made");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = "tributary-map.png";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
