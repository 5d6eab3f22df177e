// Builds the outlines of the map, static/vendor/world-*.svg, from Natural Earth: `make vendor`.
//
// A path a country, in the plane of wiki/geography/projection.py, whose id is "n" and the country's
// number in ISO 3166-1; where the world does not agree on a country, it has none. Colours are
// the page's: it takes the drawing by <use>, and what has no colour of its own inherits one.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { feature } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));

const WIDTH = 18000;
const ANTARCTICA = "010"; // Where no park is; it would be the largest country.

// The Patterson cylindrical projection, as in wiki/geography/projection.py, which says more.
const projected = ([longitude, latitude]) => {
  const angle = (latitude * Math.PI) / 180;
  const square = angle * angle;
  const north =
    angle * (1.0148 + square * square * (0.23185 + square * (-0.14499 + square * 0.02406)));
  return [(longitude / 360 + 0.5) * WIDTH, (-north * WIDTH) / (2 * Math.PI)].map(Math.round);
};

// A ring that crosses the antimeridian goes on beyond it, or it would be drawn back across the map.
const unrolled = (ring) => {
  let turns = 0;
  return ring.map(([longitude, latitude], at) => {
    const step = at ? longitude - ring[at - 1][0] : 0;
    if (Math.abs(step) > 180) turns -= Math.sign(step);
    return [longitude + 360 * turns, latitude];
  });
};

// Whole numbers, each from the one before: a third of the bytes.
const drawn = (ring) => {
  const [first, ...others] = unrolled(ring).map(projected);
  let [x, y] = first;
  let path = "";
  for (const point of others.slice(0, -1)) {
    const [right, down] = [point[0] - x, point[1] - y];
    if (!right && !down) continue;
    path += `${path && right >= 0 ? " " : ""}${right}${down >= 0 ? " " : ""}${down}`;
    [x, y] = point;
  }
  return path && `M${first.join(" ")}l${path}z`;
};

const country = ({ id, geometry }) => {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const named = id ? ` id="n${id}"` : "";
  return `<path${named} vector-effect="non-scaling-stroke" d="${polygons.flat().map(drawn).join("")}"/>\n`;
};

for (const scale of ["110m", "50m"]) {
  const source = join(here, "node_modules", "world-atlas", `countries-${scale}.json`);
  const atlas = JSON.parse(readFileSync(source, "utf8"));
  const countries = feature(atlas, atlas.objects.countries).features;
  const paths = countries.filter(({ id }) => id !== ANTARCTICA).map(country);
  writeFileSync(
    join(here, "..", "vendor", `world-${scale}.svg`),
    `<!-- Natural Earth 1:${scale}, public domain, by world-atlas (licence: LICENSES.txt) -->\n` +
      `<svg xmlns="http://www.w3.org/2000/svg"><g id="world" fill-rule="evenodd">\n${paths.join("")}</g></svg>\n`,
  );
}
