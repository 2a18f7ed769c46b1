import type { ExpressionSpecification } from "maplibre-gl";

/** One step of a key: the least value it holds, or the state, and its colour. */
export interface Step {
  from: number;
  state: string;
  colour: string;
}

/** The steps of a key that stand together; of cells, those of one resolution. */
export interface KeyGroup {
  name: string;
  res: string; // empty where it is not of cells
  steps: Step[];
}

/** Reads the key of the page, which Go rendered. */
export function readKey(key: ParentNode | null): KeyGroup[] {
  return [...(key?.querySelectorAll<HTMLElement>("[data-key]") ?? [])].map((group) => ({
    name: group.dataset["key"] ?? "",
    res: group.dataset["res"] ?? "",
    steps: [...group.querySelectorAll<HTMLElement>("[data-colour]")].map((item) => ({
      from: Number(item.dataset["from"]), state: item.dataset["state"] ?? "", colour: item.dataset["colour"] ?? "",
    })),
  }));
}

/** The colour of a number, as a MapLibre expression; the first is also what lies below it. */
export function colourBy(value: ExpressionSpecification, steps: readonly Step[], otherwise: string): ExpressionSpecification | string {
  const [first, ...rest] = steps;
  if (!first || rest.length === 0) return first?.colour ?? otherwise;
  return ["step", value, first.colour, ...rest.flatMap((s) => [s.from, s.colour])] as ExpressionSpecification;
}

/** The colour of a cell: classes are by resolution, which its index tells, as tiles of two zooms may stand side by side. */
export function colourCells(metric: string, groups: readonly KeyGroup[], otherwise: string): ExpressionSpecification | string {
  const value: ExpressionSpecification = ["to-number", ["get", metric], 0];
  const cases = groups.flatMap((g) => (g.res ? [g.res, colourBy(value, g.steps, otherwise)] : []));
  return cases.length > 0 ? (["match", ["slice", ["get", "id"], 1, 2], ...cases, otherwise] as unknown as ExpressionSpecification) : otherwise;
}

/** The colour of a place by the row of the table that has its id. */
export function colourPlaces(colours: ReadonlyMap<string, string>, otherwise: string): ExpressionSpecification | string {
  const ids = new Map<string, string[]>();
  for (const [id, colour] of colours) ids.set(colour, [...(ids.get(colour) ?? []), id]);
  if (ids.size === 0) return otherwise;
  return ["match", ["get", "id"], ...[...ids].flatMap(([colour, of]) => [of, colour]), otherwise] as unknown as ExpressionSpecification;
}

/** The colour of the last step that a value reaches. */
export function colourOf(value: number, steps: readonly Step[], otherwise: string): string {
  return steps.findLast((step) => value >= step.from)?.colour ?? otherwise;
}
