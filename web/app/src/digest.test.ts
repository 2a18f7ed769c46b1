import { expect, test } from "vitest";
import { hex } from "./digest.ts";

test("bytes are two digits each", () => {
  expect(hex(new Uint8Array([0, 10, 255]).buffer)).toBe("000aff");
});
