// The pictures of the README: pages of the demo, as docs/screenshots/NAME.png. Each has 128 colours, or it would be four times as large.
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium as browser } from "@playwright/test";
import { DEMO, PASSWORD, chromium, demo, serve } from "./house.mjs";

const folder = fileURLToPath(new URL("../../docs/screenshots", import.meta.url));
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const PAGES = [
  { name: "today", path: "" },
  { name: "systems", path: "/records/ai_system" },
  { name: "system", path: "/records/ai_system/SYS-1" },
  { name: "soa", path: "/soa" },
  { name: "gap", path: "/gap" },
  { name: "law", path: "/law" },
  { name: "wizard", path: "/classes/SYS-2/classify?begin=each" },
  { name: "plan", path: "/plan" },
  { name: "evidence", path: "/records/evidence_item" },
  { name: "ledger", path: "/ledger" },
  { name: "today-dark", path: "", colorScheme: "dark" },
  { name: "today-narrow", path: "", viewport: NARROW },
];

// Fewer colours by Python's Pillow where it is there; without it the picture stays as it was taken.
const REDUCE = "import sys; from PIL import Image; p = sys.argv[1]; Image.open(p).convert('RGB').quantize(128).save(p, optimize=True)";
const reduce = (file) => {
  try { execFileSync("python3", ["-c", REDUCE, file], { stdio: "ignore" }); } catch { return false; }
  return true;
};

async function signedIn(driver, origin, options) {
  const context = await driver.newContext({ baseURL: origin, reducedMotion: "reduce", viewport: WIDE, locale: "en-GB", timezoneId: "UTC", ...options });
  const form = { email: DEMO.owner, password: PASSWORD };
  const answer = await context.request.post("/sign-in", { form, headers: { origin }, maxRedirects: 0 });
  if (answer.status() !== 303) throw new Error(`signing in gave ${answer.status()}`);
  return context;
}

mkdirSync(folder, { recursive: true });
const house = await serve(demo());
const driver = await browser.launch(chromium());
let missing = 0;
try {
  for (const { name, path, ...options } of PAGES) {
    const context = await signedIn(driver, house.origin, options);
    const page = await context.newPage();
    const answer = await page.goto(`/o/nordlicht-mobility-gmbh${path}`);
    if (answer.ok()) {
      await page.waitForLoadState("networkidle");
      const file = join(folder, `${name}.png`);
      await page.screenshot({ path: file });
      const isReduced = reduce(file);
      console.log(`${name}: ${Math.round(statSync(file).size / 1024)} kB${isReduced ? "" : ", not reduced: python3 has no PIL"}`);
    } else {
      missing += 1;
      console.error(`${name}: ${path} answers ${answer.status()}`);
    }
    await context.close();
  }
} finally {
  await driver.close();
  await house.end();
}
process.exitCode = missing ? 1 : 0;
