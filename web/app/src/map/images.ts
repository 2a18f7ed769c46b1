// The few images of the map, drawn pixel by pixel: nothing is fetched for them.

interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

function draw(side: number, pixel: (x: number, y: number) => readonly [number, number, number, number]): Picture {
  const data = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) data.set(pixel(x + 0.5 - side / 2, y + 0.5 - side / 2), (y * side + x) * 4);
  }
  return { width: side, height: side, data };
}

/** The dot that marks a town, at twice its size: dark, with a pale rim that parts it from shading. */
export function drawTownDot(): Picture {
  return draw(12, (x, y) => {
    const radius = Math.hypot(x, y);
    const shade = Math.round(43 + (255 - 43) * (1 - clamp(4.4 - radius)));
    return [shade, shade, shade, Math.round(255 * clamp(6 - radius))];
  });
}

/** The head of an arrow that points east, at twice its size. */
export function drawArrowHead(colour: readonly [number, number, number]): Picture {
  const side = 32;
  return draw(side, (x, y) => {
    const across = ((side / 2 - x) / side) * (side / 2 - 2); // half its height here
    return [...colour, Math.round(255 * clamp(across - Math.abs(y) + 0.5))] as const;
  });
}
