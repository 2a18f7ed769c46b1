import type { ExpressionSpecification } from "maplibre-gl";

/** One step of the shading: the least count it holds and its colour. */
export interface Step {
  from: number;
  colour: string;
}

/** Reads the steps of the shading from the page's key, which Go rendered. */
export function readSteps(key: ParentNode): Step[] {
  return [...key.querySelectorAll<HTMLElement>("[data-from]")]
    .map((item) => ({ from: Number(item.dataset["from"]), colour: item.dataset["colour"] ?? "" }))
    .filter((step) => Number.isFinite(step.from) && step.colour !== "");
}

/** The fill of a place by its count, as a MapLibre expression. */
export function shadeBy(steps: readonly Step[], land: string): ExpressionSpecification | string {
  const [first, ...rest] = steps;
  if (!first || rest.length === 0) return first?.colour ?? land;
  return ["step", ["to-number", ["get", "activities"], 0], first.colour, ...rest.flatMap((s) => [s.from, s.colour])] as ExpressionSpecification;
}
