// What is drawn with: each pen keeps what it draws in the fields of the form,
// and what is typed into them shows on the map.
import { crosses, hectares, polygonOf, readShape, rounded, toggled, type Position } from "./shape.ts";

type Named = { code: string; name: string };

export interface Pen {
  hint: string; // said when the map opens
  keys: string; // what the keys do, for who cannot see the map
  verb: string; // what the button says that does what Enter does
  buttons: readonly (readonly [string, () => string])[];
  /** Draws at a position and says what was done; under finds the district there. */
  put(at: Position, under: () => Named | null): string;
  /** Takes the last back and says so. */
  back(): string;
  rings(): Position[][];
  others(): Position[]; // other places of the same form
  codes(): string[];
  leave(): void;
}

type Field = HTMLInputElement | HTMLTextAreaElement;

/** The pen for what a place of a form asks for. */
export function makePen(place: HTMLElement, changed: () => void): Pen {
  const fields = (place.dataset["for"] ?? "").split(" ").map((id) => document.getElementById(id) as Field);
  for (const field of fields) field.addEventListener("input", changed);
  const leave = () => {
    for (const field of fields) field.removeEventListener("input", changed);
  };
  const write = (...values: string[]) => {
    for (const [i, value] of values.entries()) if (fields[i]) fields[i].value = value;
    changed();
  };
  const value = (i: number) => fields[i]?.value ?? "";
  const made = { point: pointPen, polygon: polygonPen, areas: areasPen }[place.dataset["draw"] ?? ""] ?? pointPen;
  return { rings: () => [], others: () => [], codes: () => [], leave, ...made(value, write, place) };
}

type Read = (i: number) => string;
type Write = (...values: string[]) => void;
type Part = Omit<Pen, "rings" | "others" | "codes" | "leave"> & Partial<Pen>;

const spelt = ([lon, lat]: Position) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`;

/** A position of two fields, latitude and longitude; null without both. */
function positionIn(latitude: string, longitude: string): Position | null {
  const at: Position = [Number.parseFloat(longitude), Number.parseFloat(latitude)];
  return at.every(Number.isFinite) ? at : null;
}

function pointPen(value: Read, write: Write, place: HTMLElement): Part {
  const before: [string, string][] = [];
  const back = () => {
    const [latitude, longitude] = before.pop() ?? ["", ""];
    write(latitude, longitude);
    return latitude === "" ? "No position is given." : `The position is again ${latitude}, ${longitude}.`;
  };
  return {
    hint: "Press where it is. With the keyboard: move the map until the place is under the cross, then press Enter.",
    keys: "Enter gives the position under the cross, Backspace takes it back.",
    verb: "Take the position under the cross", buttons: [["Undo", back]],
    put(at) {
      before.push([value(0), value(1)]);
      const [lon, lat] = rounded(at);
      write(String(lat), String(lon));
      return `The position is ${spelt([lon, lat])}.`;
    },
    back,
    rings() {
      const at = positionIn(value(0), value(1));
      return at ? [[at]] : [];
    },
    others() {
      return [...document.querySelectorAll<HTMLElement>('[data-draw="point"]')].flatMap((other) => {
        const [latitude, longitude] = (other.dataset["for"] ?? "").split(" ").map((id) => (document.getElementById(id) as Field | null)?.value ?? "");
        const at = other === place ? null : positionIn(latitude ?? "", longitude ?? "");
        return at ? [at] : [];
      });
    },
  };
}

function polygonPen(value: Read, write: Write): Part {
  let corners = readShape(value(0))?.corners ?? [];
  let written = value(0); // what corners stand for; another text was typed
  let finished = corners.length > 2;
  const current = (): Position[] => {
    if (value(0) !== written) {
      corners = readShape(value(0))?.corners ?? [];
      written = value(0);
      finished = corners.length > 2;
    }
    return corners;
  };
  const keep = (next: Position[]) => {
    corners = next;
    written = polygonOf(next);
    write(written);
  };
  const size = () => `About ${hectares(corners).toLocaleString("en-GB", { maximumSignificantDigits: 3 })} hectares.`;
  const stands = () => {
    const n = corners.length;
    if (n === 0) return "Nothing is drawn.";
    if (n < 3) return `${n === 1 ? "1 corner" : "2 corners"}: a shape needs three at least.`;
    return crosses(corners) ? `${n} corners. The outline crosses itself: undo the last corner.` : `${n} corners. ${size()}`;
  };
  const back = () => {
    finished = false;
    keep(current().slice(0, -1));
    return stands();
  };
  return {
    hint: "Press on the map to set each corner in turn. With the keyboard: move the map, and press Enter to set a corner under the cross; Backspace takes the last one away.",
    keys: "Enter sets a corner under the cross, Backspace takes the last one away.",
    verb: "Set a corner under the cross",
    buttons: [
      ["Undo the last corner", back],
      ["Close the shape", () => {
        if (current().length < 3 || crosses(corners)) return stands();
        finished = true;
        return `The shape is closed: ${stands()}`;
      }],
      ["Start again", () => {
        finished = false;
        keep([]);
        return stands();
      }],
    ],
    put(at) {
      if (current().length === 0 && (readShape(value(0))?.rings.length ?? 1) > 0 && value(0) !== "") return "This is not one outline, and cannot be drawn on. Start again to draw another.";
      if (finished) return "The shape is closed. Undo the last corner to go on with it, or start again.";
      keep([...corners, rounded(at)]);
      return stands();
    },
    back,
    rings: () => (current().length > 0 ? [corners] : (readShape(value(0))?.rings ?? [])),
  };
}

function areasPen(value: Read, write: Write): Part {
  const before: string[] = [];
  const codes = () => value(0).split(";").map((code) => code.trim()).filter(Boolean);
  const count = () => (codes().length === 1 ? "1 is chosen." : `${codes().length} are chosen.`);
  const back = () => {
    const last = before.pop();
    if (last !== undefined) write(last);
    return count();
  };
  return {
    hint: "Press districts to choose them, and again to leave them out. With the keyboard: move the map until one is under the cross, then press Enter.",
    keys: "Enter chooses the district under the cross, or leaves it out; Backspace takes the last choice back.",
    verb: "Choose what is under the cross", buttons: [["Undo", back]],
    put(_, under) {
      const found = under();
      if (!found) return "There is no district here at this zoom: zoom in, or move the map.";
      before.push(value(0));
      const had = codes().includes(found.code);
      write(toggled(value(0), found.code));
      return `${found.name} is ${had ? "left out" : "chosen"}. ${count()}`;
    },
    back, codes,
  };
}
