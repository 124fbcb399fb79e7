// Puts what browsers get into dist/: each file under a name with its hash, so that it may be kept for ever, and
// manifest.json, which says what each is called. crates/server/build.rs embeds it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PurgeCSS } from "purgecss";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "dist");
const read = (path) => readFileSync(join(here, path));
const swagger = (name) => join("node_modules/swagger-ui-dist", name);
// Maps of sources are not shipped.
const unmapped = (bytes) =>
  Buffer.from(bytes.toString("utf8").replace(/\n?(\/\/|\/\*)# sourceMappingURL=\S+( \*\/)?\s*$/, "\n"));

// Tabler's styles without the nine tenths that no page of ours uses: browsers match all rules against all that is on a page.
// A name counts as used wherever it occurs in templates or sources.
const used = async (path) => {
  const within = (folder, ...names) => names.map((name) => join(here, folder, name));
  const content = [...within("../crates/server", "templates/**/*.html", "src/**/*.rs"), ...within("../crates/reports", "src/**/*.rs"), ...within("src", "*.js")];
  // Our own styles say which of its variables are used.
  const [kept] = await new PurgeCSS().purge({ content, css: [join(here, path), join(here, "src/surety.css")], variables: true, keyframes: true, fontFace: true });
  return Buffer.from(kept.css);
};

// The pictures that pages use, by their names in Tabler's set.
const ICONS = `alert-triangle arrow-right bell book books building-store calendar-due calendar-event calendar-time certificate
  check chevron-down clipboard-check columns-3 cpu database download edit external-link file-text flame gavel grid-dots history
  inbox info-circle key link list-check lock logout menu-2 message moon paperclip plus printer scale search settings shield-check
  sun table target trash upload user user-circle users x`.split(/\s+/);

// One file of all pictures, each a symbol that pages name.
const sprite = () => {
  const symbol = (name) => {
    const svg = read(`node_modules/@tabler/icons/icons/outline/${name}.svg`).toString("utf8");
    const inner = svg.replace(/<!--[\s\S]*?-->/g, "").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>[\s\S]*$/, "").trim();
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
  };
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${ICONS.map(symbol).join("")}</svg>\n`);
};

const licence = (name, file) => Buffer.concat([Buffer.from(`${name}: ${file}\n\n`), read(join("node_modules", name, file)), Buffer.from("\n\n")]);

// What each file is called by pages, and what is in it. Those that others name come first.
const files = {
  "inter.woff2": read("node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2"),
  "inter-ext.woff2": read("node_modules/@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2"),
  "icons.svg": sprite(),
  "icon.svg": read("src/icon.svg"),
  "tabler.css": unmapped(await used("node_modules/@tabler/core/dist/css/tabler.min.css")),
  "surety.css": read("src/surety.css"),
  "theme.js": read("src/theme.js"),
  "htmx.js": unmapped(read("node_modules/htmx.org/dist/htmx.min.js")),
  "surety.js": read("src/surety.js"),
  "clocks.js": read("src/clocks.js"),
  "charts.js": read("src/charts.js"),
  "mentions.js": read("src/mentions.js"),
  "passkey.js": read("src/passkey.js"),
  "link.js": read("src/link.js"),
  "soa.js": read("src/soa.js"),
  "echarts.js": unmapped(read("node_modules/echarts/dist/echarts.min.js")),
  "reference.js": read("src/reference.js"),
  "reference.css": read("src/reference.css"),
  "swagger-ui.js": unmapped(read(swagger("swagger-ui-bundle.js"))),
  "swagger-ui.css": unmapped(read(swagger("swagger-ui.css"))),
  "licences.txt": Buffer.concat([
    ...["NOTICE", "LICENSE", "swagger-ui-bundle.js.LICENSE.txt"].map((file) => licence("swagger-ui-dist", file)),
    // Its package comes without the text of its licence, which is that of the icons: MIT, by the same people.
    Buffer.from("@tabler/core: MIT, Copyright The Tabler Authors, Copyright codecalm.net Paweł Kuna; the text stands under @tabler/icons\n\n"),
    licence("@tabler/icons", "LICENSE"),
    licence("htmx.org", "LICENSE"),
    licence("echarts", "LICENSE"),
    licence("echarts", "NOTICE"),
    licence("@fontsource-variable/inter", "LICENSE"),
  ]),
};

mkdirSync(dist, { recursive: true });
for (const old of readdirSync(dist)) {
  if (old !== ".gitkeep") rmSync(join(dist, old), { recursive: true });
}
const manifest = {};
for (const [name, content] of Object.entries(files)) {
  // Styles name other files as url(NAME); they get the names with hashes.
  const bytes = name === "surety.css"
    ? content.toString("utf8").replace(/url\(([\w.-]+)\)/g, (whole, file) => (manifest[file] ? `url(/assets/${manifest[file]})` : whole))
    : content;
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const extension = extname(name);
  manifest[name] = `${name.slice(0, -extension.length)}-${hash}${extension}`;
  writeFileSync(join(dist, manifest[name]), bytes);
}
writeFileSync(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
console.log(`web: ${Object.keys(manifest).length} files in ${dist}`);
