// Builds static/vendor/fonts/: both typefaces, with the letters and the weights that pages use.
// Newsreader has an axis of optical sizes, which weighs more than all else in it: two cuts stand for it.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import subset from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "vendor", "fonts");
const source = (name, file) =>
  readFileSync(join(here, "node_modules", "@fontsource-variable", name, "files", file));

const range = (first, last) =>
  String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, index) => first + index));
const letters = range(0x20, 0x7e) + range(0xa0, 0xff) + "ıŒœ–—‘’‚“”„†‡•…‰‹›⁄€™−×÷≤≥≈";

const newsreader = source("newsreader", "newsreader-latin-opsz-normal.woff2");
const instrument = source("instrument-sans", "instrument-sans-latin-wght-normal.woff2");
const fonts = {
  "newsreader.woff2": [newsreader, { opsz: 18, wght: { min: 400, max: 600 } }],
  "newsreader-display.woff2": [newsreader, { opsz: 60, wght: 480 }],
  "instrument-sans.woff2": [instrument, { wght: { min: 400, max: 600 } }],
};

mkdirSync(target, { recursive: true });
for (const [name, [font, variationAxes]] of Object.entries(fonts)) {
  writeFileSync(join(target, name), await subset(font, letters, { targetFormat: "woff2", variationAxes }));
}
