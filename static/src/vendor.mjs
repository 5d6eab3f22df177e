// Builds static/vendor/ from the packages that package-lock.json pins: `make vendor`.
// The outlines of the map are made by world.mjs.
//
// Nothing is compiled. The built files are joined, because order matters: an htmx extension
// in a file of its own may register after htmx has begun to read the page, and is then ignored.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const vendor = join(here, "..", "vendor");
const tests = join(here, "..", "..", "tests", "e2e");

const read = (path) => readFileSync(join(here, "node_modules", path), "utf8").trim();
const version = (name) => JSON.parse(read(`${name}/package.json`)).version;

const bundles = {
  "htmx.js": [
    ["htmx.org", "dist/htmx.min.js"],
    ["htmx.org", "dist/ext/hx-alpine-compat.min.js"],
  ],
  "alpine.js": [["@alpinejs/csp", "dist/cdn.min.js"]],
};

// Source maps are not kept, so nothing may point to them.
const joined = (parts) =>
  parts
    .map(([name, path]) => {
      const script = read(`${name}/${path}`).replace(/^\/\/# sourceMappingURL=.*$/gm, "").trim();
      return `/* ${name} ${version(name)}, ${path} (licence: LICENSES.txt) */\n${script};\n`;
    })
    .join("");

const mit = (holder) => `MIT License\n\nCopyright © ${holder}\n\n${mitTerms()}`;
// Alpine's package carries no licence file; the terms are those of any MIT licence beside it.
const mitTerms = () => {
  const text = read("@vue/reactivity/LICENSE");
  return text.slice(text.indexOf("Permission is hereby granted"));
};

const licences = [
  [`htmx.org ${version("htmx.org")}`, read("htmx.org/LICENSE")],
  [
    `@alpinejs/csp ${version("@alpinejs/csp")}`,
    mit("2019-2021 Caleb Porzio and contributors"),
  ],
  ["@vue/reactivity and @vue/shared (within Alpine)", read("@vue/reactivity/LICENSE")],
  [
    `world-atlas ${version("world-atlas")} (the outlines of the map)`,
    `Made with Natural Earth (naturalearthdata.com), which is in the public domain.\n\n${read("world-atlas/LICENSE")}`,
  ],
]
  .map(([title, text]) => `${title}\n${"=".repeat(title.length)}\n\n${text}\n`)
  .join("\n\n");

// Chromium warns of whoever reads this name of the window, and Alpine reads them all.
const before = { "alpine.js": 'Reflect.deleteProperty(globalThis, "fence");\n' };

// Alpine refuses what an expression comes to if it is a global, and reads all 1,200 of them to know: on a
// slow phone a quarter of a second, for a thousand interfaces that nobody asked for are made, and a page is
// laid out to say how far it is scrolled. Numbers are never refused, and need not be read. An interface is
// told by its name, once a value is to be judged: `globalThis.Function` is the function called Function.
const patches = {
  "alpine.js": [
    [
      'if(e==="styleMedia"||e==="sharedStorage")return;',
      'if(e==="styleMedia"||e==="sharedStorage"||' +
        "/^(scroll[XY]|page[XY]Offset|(inner|outer)(Width|Height)|screen(X|Y|Left|Top))$/.test(e)||" +
        "/^[A-Z]/.test(e)&&!/^(JSON|Math|Intl|Atomics|Reflect|CSS|Temporal|WebAssembly)$/.test(e))return;",
    ],
    ["if(ji.has(t))", 'if(ji.has(t)||typeof t=="function"&&globalThis[t.name]===t)'],
  ],
};

function patched(name, script) {
  return (patches[name] ?? []).reduce((text, [was, is]) => {
    if (text.split(was).length !== 2) throw new Error(`${name} no longer says ${was} once: see what it does now.`);
    return text.replace(was, () => is);
  }, script);
}

mkdirSync(vendor, { recursive: true });
for (const [name, parts] of Object.entries(bundles)) {
  writeFileSync(join(vendor, name), (before[name] ?? "") + patched(name, joined(parts)));
}
writeFileSync(join(vendor, "LICENSES.txt"), licences);
// For the tests alone; its licence (MPL 2.0) stands at its top.
writeFileSync(join(tests, "axe.min.js"), `${read("axe-core/axe.min.js")}\n`);
