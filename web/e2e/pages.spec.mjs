// Every page of the house, in both themes, wide and narrow: nothing that axe finds against WCAG 2.2 AA, nothing wider than
// a telephone, nothing on the console.
import AxeBuilder from "@axe-core/playwright";
import { BASE, DEMO, expect, test } from "./test.mjs";

// Some hundred pages, each three times: on a small machine that has other work this takes its time.
test.setTimeout(1_800_000);

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };

const kinds = async (page) => {
  const description = await (await page.request.get("/api/v1/openapi.json")).json();
  const list = description.paths["/api/v1/organisations/{organisation}/records/{kind}"].get;
  return list.parameters.find((one) => one.name === "kind").schema.enum;
};

async function look(page, path, expected = 200) {
  await page.setViewportSize(WIDE);
  const answer = await page.goto(path);
  expect.soft(answer.status(), path).toBe(expected);
  await inspect(page, path);
}

/** Looks at what is shown as people see it: on a desk, on a telephone, and in dark, where colours alone can be wrong. */
async function inspect(page, path) {
  await fits(page, path, WIDE);
  await rules(page, path, "light", (axe) => axe.withTags(RULES));
  await rules(page, path, "dark", (axe) => axe.withRules(["color-contrast", "link-in-text-block"]));
  await fits(page, path, NARROW);
  await rules(page, path, "light", (axe) => axe.withTags(RULES));
}

async function fits(page, path, size) {
  await page.setViewportSize(size);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(wider, `${path} is wider than ${size.width} px by`).toBeLessThanOrEqual(0);
}

async function rules(page, path, colorScheme, chosen) {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  const { violations } = await chosen(new AxeBuilder({ page })).analyze();
  const found = violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target} ${node.html.slice(0, 120)} ${node.any[0]?.message ?? ""}`));
  expect.soft(found, `${path}, ${colorScheme}, ${page.viewportSize().width} px`).toEqual([]);
}

test("pages of the rail, and the pages beside them", async ({ as }) => {
  const page = await as(DEMO.owner);
  const rail = await page.locator("#rail nav a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  expect(rail.length).toBeGreaterThan(20);
  for (const path of rail) await look(page, path);
  for (const path of [`${BASE}/search?q=planner`, `${BASE}/coverage`, `${BASE}/readiness/trend`, `${BASE}/import`, `${BASE}?as_of=2026-03-01`]) await look(page, path);
  await look(page, `${BASE}/nothing-here`, 404);
});

test("pages of an account, and those before one comes in", async ({ as, page }) => {
  for (const path of ["/sign-in", "/password", "/invitation"]) await look(page, path);
  const owner = await as(DEMO.owner);
  for (const path of ["/account", `${BASE}/ledger/0`, ...["invitations", "tokens", "security", "more"].map((part) => `${BASE}/settings/${part}`)]) await look(owner, path);
  // What a form answers with is a page as well.
  await owner.goto("/account");
  await owner.getByRole("button", { name: "Set up an app" }).click();
  await expect(owner.getByRole("img", { name: "QR code of the key" })).toBeVisible();
  await inspect(owner, "the key of an app");
  await owner.setViewportSize(WIDE);
  await owner.goto(`${BASE}/ledger`);
  await owner.getByRole("button", { name: "Verify all of it" }).click();
  await expect(owner.getByRole("heading", { level: 1 })).toHaveText("The ledger verifies");
  await inspect(owner, "what was verified");
  await owner.setViewportSize(WIDE);
  await owner.goto(`${BASE}/settings`);
  await owner.locator("tbody a").first().click();
  await inspect(owner, "the part of a member");
});

test("parts of an AI system", async ({ as }) => {
  const page = await as(DEMO.owner);
  await page.goto(`${BASE}/records/ai_system/SYS-1`);
  const tabs = await page.getByRole("navigation", { name: "Parts of this record" }).getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  expect(tabs.length).toBeGreaterThan(10);
  for (const path of tabs) await look(page, path);
});

test("the law about an AI system, its wizard, an incident", async ({ as }) => {
  const page = await as(DEMO.owner);
  const law = ["/law/impact", "/classes/SYS-5", "/classes/SYS-2/classify", "/classes/SYS-2/classify?begin=each", "/classes/SYS-2/classify?a.start=system&a.def.machine=no"];
  const duties = ["", "/why-not", "/side-by-side"].map((part) => `/obligations/SYS-5${part}`);
  const incident = ["", "/drill", "/report?clock=gdpr.33.1"].map((part) => `/incidents/INC-3${part}`);
  for (const path of [...law, ...duties, ...incident]) await look(page, BASE + path);
  await look(page, `${BASE}/classes/SYS-2/classify?asked=start`, 422);
});

test("frameworks, risks and the plan as pictures", async ({ as }) => {
  const page = await as(DEMO.owner);
  const frameworks = ["/frameworks/iso42001", "/frameworks/iso42001/crosswalk?to=eu-ai-act", "/frameworks/import"];
  for (const path of [...frameworks, "/risks?rating=inherent", "/plan?view=timeline"]) await look(page, BASE + path);
});

// Kinds in two halves, so that two browsers share the work.
for (const half of [0, 1]) test(`a list and a record of each kind, half ${half + 1}`, async ({ as }) => {
  const page = await as(DEMO.owner);
  for (const kind of (await kinds(page)).filter((_, at) => at % 2 === half)) {
    await look(page, `${BASE}/records/${kind}`);
    const first = page.locator("#list tbody tr[data-id]").first();
    if (await first.count()) await look(page, `${BASE}/records/${kind}/${await first.getAttribute("data-id")}`);
  }
});

test("a form for each kind", async ({ as }) => {
  const page = await as(DEMO.owner);
  for (const kind of await kinds(page)) await look(page, `${BASE}/records/${kind}/new`);
});
