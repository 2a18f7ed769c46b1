/** Side of the dot's image, in pixels at twice the size shown. */
const side = 12;

/** The dot that marks a town: dark, with a pale rim that parts it from shading. */
export function drawTownDot(): { width: number; height: number; data: Uint8ClampedArray } {
  const data = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const radius = Math.hypot(x + 0.5 - side / 2, y + 0.5 - side / 2);
      const dark = clamp(4.4 - radius);
      const shade = Math.round(43 + (255 - 43) * (1 - dark));
      data.set([shade, shade, shade, Math.round(255 * clamp(6 - radius))], (y * side + x) * 4);
    }
  }
  return { width: side, height: side, data };
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
