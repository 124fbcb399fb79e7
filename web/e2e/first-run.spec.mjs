// From an organisation in which there is nothing: the pages say what to do first, and it can be done.
import { FOUNDER, expect, signIn, test } from "./test.mjs";

test.use({ baseURL: async ({}, use) => use(process.env.HOUSE_EMPTY) });

test("the first steps lead from scope to inventory", async ({ page }) => {
  await signIn(page, FOUNDER);
  const steps = page.locator(".first-steps li");
  await expect(steps).toHaveCount(5);
  await expect(page.locator(".first-steps li.done")).toHaveCount(0);

  await page.getByRole("link", { name: "Scope", exact: true }).click();
  await page.locator("#field-text").fill("All AI systems of the ferries and their berths");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("is on the ledger");

  await page.getByRole("link", { name: "Surety", exact: true }).click();
  await expect(page.locator(".first-steps li.done")).toHaveCount(1);
  await page.getByRole("link", { name: "Inventory", exact: true }).click();
  await page.locator("#field-name").fill("Berth planner");
  await page.locator("#field-purpose").fill("Plans which ferry lies at which berth");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Berth planner");

  await page.getByRole("link", { name: "Surety", exact: true }).click();
  await expect(page.locator(".first-steps li.done")).toHaveCount(2);

  await page.getByRole("link", { name: "Statement of Applicability", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Statement of Applicability");
  await page.getByText("Download", { exact: true }).click();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "PDF", exact: true }).first().click()]);
  expect(file.suggestedFilename()).toMatch(/\.pdf$/);
  const parts = [];
  for await (const part of await file.createReadStream()) parts.push(part);
  expect(Buffer.concat(parts).subarray(0, 5).toString()).toBe("%PDF-");
});

test("an empty list says what it is for", async ({ page }) => {
  await signIn(page, FOUNDER);
  await page.goto("/o/harbour-ferries/records/risk");
  await expect(page.locator(".nothing")).toContainText("There is no risk yet.");
  await expect(page.getByRole("link", { name: "New risk" })).toBeVisible();
});
