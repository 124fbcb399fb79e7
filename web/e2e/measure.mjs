// Measures the Statement of Applicability of 1,000 AI systems in Chromium: until it can be used, come to by a click from Today
// or opened in a tab of its own, and how long frames take while one scrolls. SURETY names the program, a release build;
// bench/browser.sh runs this.
import { chromium as browser } from "@playwright/test";
import { PASSWORD, chromium, serve, wide } from "./house.mjs";

const RUNS = 7;
const FRAMES = 240;
const sorted = (values) => [...values].sort((one, other) => one - other);
const at = (values, part) => sorted(values)[Math.min(values.length - 1, Math.floor(part * values.length))];
const ms = (value) => `${value.toFixed(1)} ms`;

// The moment at which the matrix is there and the frame with it was drawn.
const watch = () => {
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".soa.is-live .soa-x")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.usable = performance.now(); }));
  }).observe(document, { subtree: true, childList: true, attributes: true });
};

// Scrolls right and down as a hand would, a step a frame, and says how long each frame took.
const scroll = (frames) => new Promise((done) => {
  const grid = document.querySelector(".soa-grid");
  const took = [];
  let before;
  const step = (now) => {
    if (before !== undefined) took.push(now - before);
    before = now;
    grid.scrollLeft += 90;
    grid.scrollTop += took.length % 60 < 30 ? 12 : -12;
    if (took.length < frames) requestAnimationFrame(step);
    else done(took);
  };
  requestAnimationFrame(step);
});

const systems = Number(process.env.SYSTEMS ?? 1000);
const house = await serve(wide(systems));
const driver = await browser.launch(chromium());
try {
  const context = await driver.newContext({ baseURL: house.origin, viewport: { width: 1440, height: 900 } });
  const form = { email: "load@load.example", password: PASSWORD };
  await context.request.post("/sign-in", { form, headers: { origin: house.origin }, maxRedirects: 0 });
  const opened = [];
  const clicked = [];
  const frames = [];
  const usable = async (page) => {
    await page.waitForFunction(() => window.usable);
    return page.evaluate(() => window.usable);
  };
  for (let run = 0; run < RUNS; run++) {
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.goto("/o/load/soa", { waitUntil: "commit" });
    opened.push(await usable(page));
    await page.goto("/o/load");
    await page.locator('nav a[href$="/soa"]').first().click({ noWaitAfter: true });
    await page.waitForURL("**/soa", { waitUntil: "commit" });
    clicked.push(await usable(page));
    frames.push(...await page.evaluate(scroll, FRAMES));
    await page.close();
  }
  const told = (times) => `${ms(at(times, 0.5))} (median of ${RUNS}; first ${ms(times[0])}, longest ${ms(Math.max(...times))})`;
  console.log(`the matrix of ${systems} AI systems can be used ${told(clicked)} after a click on Today`);
  console.log(`and ${told(opened)} after it was opened in a tab of its own, whose process has to start`);
  console.log(`frames while scrolling: median ${ms(at(frames, 0.5))}, 99th percentile ${ms(at(frames, 0.99))}, longest ${ms(Math.max(...frames))}; ${frames.filter((one) => one > 34).length} of ${frames.length} over 34 ms`);
} finally {
  await driver.close();
  await house.end();
}
