// The rows of the page's table: the map takes its colours and words from them,
// so that they cannot differ.

/** A row of the table. */
export interface Row {
  id: string;
  name: string;
  nameCy: string;
  url: string;
  value: number | null; // by which the map colours it
  state: string;
  from: readonly [number, number] | null; // ends of an arrow
  to: readonly [number, number] | null;
  figures: readonly (readonly [string, string])[]; // what each column says
}

function readEnd(value: string | undefined): readonly [number, number] | null {
  const [lon, lat] = (value ?? "").split(",").map(Number);
  return value && lon !== undefined && lat !== undefined && Number.isFinite(lon) && Number.isFinite(lat) ? [lon, lat] : null;
}

/** The text that can be seen of a cell. */
function shownText(cell: Element): string {
  const copy = cell.cloneNode(true) as Element;
  for (const hidden of copy.querySelectorAll(".govuk-visually-hidden, svg")) hidden.remove();
  return copy.textContent?.trim() ?? "";
}

function readRow(row: HTMLElement): Row {
  const head = row.querySelector("th");
  const link = head?.querySelector("a");
  const welsh = head?.querySelector('[lang="cy"]')?.textContent?.trim() ?? "";
  const name = (link?.textContent ?? head?.firstChild?.textContent ?? "").trim();
  const { id = "", value, state = "", from, to } = row.dataset;
  return {
    id, name, nameCy: welsh, url: link?.getAttribute("href") ?? "", state,
    value: value === undefined ? null : Number(value),
    from: readEnd(from), to: readEnd(to),
    figures: [...row.querySelectorAll<HTMLElement>("td[data-label]")].map((cell) => [cell.dataset["label"] ?? "", shownText(cell)] as const),
  };
}

/** Reads the rows of the table that have an id. */
export function readTable(page: ParentNode): Map<string, Row> {
  const rows = [...page.querySelectorAll<HTMLElement>(".app-table tbody tr[data-id]")].map(readRow);
  return new Map(rows.map((row) => [row.id, row]));
}
