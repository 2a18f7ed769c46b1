// A diagram of flows, drawn beside the table that has the same figures.
import { sankey, sankeyLinkHorizontal } from "d3-sankey";

/** A flow, as a row of the table has it. */
export interface Flow {
  from: string;
  to: string;
  value: number; // pence
  rest?: boolean; // of many flows, or of none that may be told: a band of its own
}

/** What is drawn: in units of the drawing. */
export interface Drawing {
  width: number;
  height: number;
  nodes: { name: string; side: "from" | "to"; x: number; y: number; width: number; height: number }[];
  links: { path: string; width: number; title: string; rest: boolean }[];
}

interface Node {
  key: string;
  name: string;
  side: "from" | "to";
}

const money = new Intl.NumberFormat("en-GB", { style: "currency", currency: "GBP", maximumFractionDigits: 0 });

/** Room for the names on either side, pixels. */
const roomForNames = (width: number): number => Math.min(222, width * 0.3);

/** Above and below the outermost nodes, whose names are higher than they are, pixels. */
const margin = 12;

/** Lays flows out from left to right; those of nothing are left out. */
export function layOut(flows: readonly Flow[], width: number): Drawing {
  const some = flows.filter((flow) => flow.value > 0);
  const nodes = new Map<string, Node>();
  const key = (side: Node["side"], name: string, rest = false) => `${side} ${rest ? "rest" : "place"} ${name}`;
  for (const { from, to, rest } of some) {
    for (const [side, name] of [["from", from], ["to", to]] as const) nodes.set(key(side, name, rest), { key: key(side, name, rest), name, side });
  }
  const rows = Math.max(1, ...(["from", "to"] as const).map((side) => [...nodes.values()].filter((n) => n.side === side).length));
  const height = Math.max(240, rows * 34);
  const room = roomForNames(width);
  if (some.length === 0) return { width, height, nodes: [], links: [] };
  const make = sankey<Node, { rest: boolean }>()
    .nodeId((n) => n.key).nodeWidth(12).nodePadding(Math.min(14, (height - 60) / rows)).extent([[room, margin], [width - room, height - margin]]);
  const graph = make({
    nodes: [...nodes.values()],
    links: some.map(({ from, to, value, rest = false }) => ({ source: key("from", from, rest), target: key("to", to, rest), value, rest })),
  });
  const path = sankeyLinkHorizontal();
  return {
    width, height,
    nodes: graph.nodes.map((n) => ({ name: n.name, side: n.side, x: n.x0 ?? 0, y: n.y0 ?? 0, width: (n.x1 ?? 0) - (n.x0 ?? 0), height: Math.max(1, (n.y1 ?? 0) - (n.y0 ?? 0)) })),
    links: graph.links.map((l) => {
      const [source, target] = [l.source as Node, l.target as Node];
      return { path: path(l) ?? "", width: Math.max(1, l.width ?? 1), rest: l.rest, title: `${l.rest ? source.name : `${source.name} to ${target.name}`}: ${money.format(l.value / 100)}` };
    }),
  };
}

/** Reads the flows of a table. */
export function readFlows(table: ParentNode): Flow[] {
  return [...table.querySelectorAll<HTMLElement>("tr[data-source]")].map(({ dataset }) => ({
    from: dataset["source"] ?? "", to: dataset["target"] ?? "", value: Number(dataset["value"]) || 0, rest: dataset["rest"] !== undefined,
  }));
}

const space = "http://www.w3.org/2000/svg";

function element(name: string, attributes: Record<string, string | number>, ...children: (Node | SVGElement | string)[]): SVGElement {
  const made = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...(children as (globalThis.Node | string)[]));
  return made;
}

/** Cuts a name that has too little room; its whole stands in the title. */
const short = (name: string, room: number): string => (name.length > room / 8 ? `${name.slice(0, Math.floor(room / 8) - 1)}…` : name);

/** Draws the flows of the table that root names. */
export function drawSankey(root: HTMLElement): void {
  const table = document.getElementById(root.dataset["of"] ?? "");
  if (!table) return;
  const { width, height, nodes, links } = layOut(readFlows(table), Math.max(300, root.clientWidth));
  if (links.length === 0) return;
  const picture = element("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": "Diagram of the flows in the table: from the left to the right, wider for more" });
  for (const link of links) {
    picture.append(element("path", { class: link.rest ? "app-sankey__link app-sankey__link--rest" : "app-sankey__link", d: link.path, "stroke-width": link.width.toFixed(1) }, element("title", {}, link.title)));
  }
  const room = roomForNames(width) - 10;
  for (const node of nodes) {
    const from = node.side === "from";
    picture.append(
      element("rect", { class: "app-sankey__node", x: node.x, y: node.y, width: node.width, height: node.height }, element("title", {}, node.name)),
      element("text", { x: from ? node.x - 6 : node.x + node.width + 6, y: node.y + node.height / 2, dy: "0.35em", "text-anchor": from ? "end" : "start" }, short(node.name, room)),
    );
  }
  root.replaceChildren(picture);
}
