// Somebody from outside who audits: reads what there is to read, the ledger too, and changes nothing.
import { BASE, DEMO, expect, test } from "./test.mjs";

test("an auditor reads the house and verifies the ledger", async ({ as }) => {
  const page = await as(DEMO.auditor);
  await expect(page.locator(".person .quiet").first()).toHaveText("Auditor", { timeout: 15_000 });
  for (const path of ["", "/soa", "/gap", "/records/ai_system/SYS-1", "/records/evidence_item", "/obligations/SYS-5"]) {
    const answer = await page.goto(`${BASE}${path}`);
    expect(answer.status(), path).toBe(200);
    await expect(page.locator('main form[method="post"]:not(.views form)'), path).toHaveCount(0);
    await expect(page.locator('main a[href$="/edit"], main a[href$="/new"], main a[href$="/import"]'), path).toHaveCount(0);
  }
  await page.goto(`${BASE}/ledger`);
  await page.getByRole("button", { name: "Verify all of it" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The ledger verifies");
});

test("an auditor takes the pack away", async ({ as }) => {
  const page = await as(DEMO.auditor);
  await page.goto(`${BASE}/ledger`);
  const [pack] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download the pack" }).click()]);
  expect(pack.suggestedFilename()).toMatch(/\.(zip|tar)/);
});

test("what only owners and those who write may ask is refused", async ({ as }) => {
  const page = await as(DEMO.auditor);
  for (const path of ["/settings", "/records/risk/new", "/records/ai_system/SYS-1/edit", "/import", "/soa/bulk"]) {
    expect((await page.request.get(`${BASE}${path}`)).status(), path).toBe(403);
  }
});
