import { expect, test } from "vitest";
import { embedCode } from "../share.ts";
import { wrap } from "./picture.ts";

const fits = (line: string) => line.length <= 10;

test.each([
  ["one two three four", ["one two", "three four"]],
  ["a-very-long-word is cut nowhere", ["a-very-long-word", "is cut", "nowhere"]],
  ["", []],
] as const)("%j is broken into lines", (words, want) => expect(wrap(words, fits)).toEqual(want));

test("the code to embed holds any address", () => {
  expect(embedCode('https://h/embed?a=1&b="2"', "A <b>")).toBe('<iframe src="https://h/embed?a=1&amp;b=&quot;2&quot;" title="A &lt;b>" width="100%" height="760" loading="lazy"></iframe>');
});
