// Puts what browsers get into dist/: each file under a name with its hash, so that it may be kept for ever, and
// manifest.json, which says what each is called. crates/server/build.rs embeds it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "dist");
const read = (path) => readFileSync(join(here, path));
const swagger = (name) => join("node_modules/swagger-ui-dist", name);
// Maps of sources are not shipped.
const unmapped = (bytes) =>
  Buffer.from(bytes.toString("utf8").replace(/\n?(\/\/|\/\*)# sourceMappingURL=\S+( \*\/)?\s*$/, "\n"));

// What each file is called by pages, and what is in it.
const files = {
  "reference.js": read("src/reference.js"),
  "reference.css": read("src/reference.css"),
  "swagger-ui.js": unmapped(read(swagger("swagger-ui-bundle.js"))),
  "swagger-ui.css": unmapped(read(swagger("swagger-ui.css"))),
  "licences.txt": Buffer.concat(
    ["NOTICE", "LICENSE", "swagger-ui-bundle.js.LICENSE.txt"].map((name) =>
      Buffer.concat([Buffer.from(`swagger-ui-dist: ${name}\n\n`), read(swagger(name)), Buffer.from("\n\n")]),
    ),
  ),
};

mkdirSync(dist, { recursive: true });
for (const old of readdirSync(dist)) {
  if (old !== ".gitkeep") rmSync(join(dist, old), { recursive: true });
}
const manifest = {};
for (const [name, bytes] of Object.entries(files)) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const extension = extname(name);
  manifest[name] = `${name.slice(0, -extension.length)}-${hash}${extension}`;
  writeFileSync(join(dist, manifest[name]), bytes);
}
writeFileSync(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
console.log(`web: ${Object.keys(manifest).length} files in ${dist}`);
