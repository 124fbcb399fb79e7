// The Statement of Applicability: a cell by keys and without a script, many at once and back again, two days, and on paper.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BASE, DEMO, expect, test } from "./test.mjs";

const SOA = `${BASE}/soa`;
const EDIT = fileURLToPath(new URL("edit_decision.py", import.meta.url));
const opened = (page) => page.getByRole("region", { name: /./ }).and(page.locator("#cell"));

test("the matrix ends with its last AI system, and its last cell is reached by keys", async ({ as }) => {
  const page = await as(DEMO.owner);
  await page.goto(`${BASE}/soa`);
  const grid = page.locator(".soa-grid");
  await expect(page.locator(".soa.is-live")).toBeVisible();
  await grid.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("End");
  await page.keyboard.press("Control+ArrowDown");
  const beyond = await grid.evaluate((one) => one.scrollWidth - Math.max(one.clientWidth, one.querySelector(".soa-inner").offsetWidth));
  expect(beyond).toBe(0);
  await expect(page.locator(".soa-x.at, .soa-n.at")).toBeInViewport();
  expect(await grid.getAttribute("aria-activedescendant")).toMatch(/^g-\d+-\d+$/);
});

test("a cell is opened by keys and decided beside the matrix", async ({ as }) => {
  const page = await as(DEMO.owner);
  await page.goto(SOA);
  const grid = page.getByRole("grid");
  await grid.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(opened(page)).toBeVisible();
  await expect(page).toHaveURL(/cell=A\./);
  const place = await page.locator("#cell").getAttribute("data-cell");
  await page.locator("#cell .soa-edit > summary").click();
  await page.locator('#cell select[name="applicable"]').selectOption("true");
  const said = `Because a test says so at ${Date.now()}`;
  await page.locator("#cell").getByLabel("Justification").fill(said);
  await page.locator("#cell").getByRole("button", { name: "Save" }).click();
  await expect(page.locator("#cell").getByRole("status")).toContainText("on the ledger");
  await expect(page.locator(`#cell[data-cell="${place}"] .soa-facts`)).toContainText(said);
  await expect(page.locator("#cell .soa-history")).toContainText("Wiebke Carstensen");
});

test("without JavaScript a cell is decided on its page", async ({ as }) => {
  const page = await as(DEMO.owner, { javaScriptEnabled: false });
  await page.goto(SOA);
  await page.locator(".soa-table tbody a").nth(3).click();
  await expect(page.locator("#cell")).toBeVisible();
  await page.locator("#cell .soa-edit > summary").click();
  await page.locator('#cell select[name="applicable"]').selectOption("true");
  await page.locator("#cell").getByLabel("Justification").fill("Stated without a script");
  await page.locator("#cell").getByRole("button", { name: "Save" }).click();
  await expect(page.locator("#cell .soa-facts")).toContainText("Stated without a script");
});

test("many cells are set with a preview, and taken back", async ({ as }) => {
  const page = await as(DEMO.owner);
  await page.goto(`${SOA}/bulk?row=A.2.2&column=SYS-1`);
  await page.getByLabel("Justification").fill("Set for many");
  await page.getByRole("button", { name: "Show what changes" }).click();
  await expect(page.getByRole("status")).toContainText("would change");
  await page.getByRole("button", { name: /^Set \d+ cells?$/ }).click();
  await expect(page.getByRole("status").first()).toContainText("is on the ledger");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("status").first()).toContainText("undone");
});

test("two days are compared, and changed cells are ringed", async ({ as }) => {
  const page = await as(DEMO.viewer);
  await page.goto(`${SOA}?from=2025-11-01`);
  await expect(page.getByRole("heading", { name: /^Since / })).toBeVisible();
  await expect(page.locator(".soa-changes li").first()).toBeVisible();
  await expect(page.locator(".soa-live .changed").first()).toBeVisible();
});

test("the statement comes as PDF and as a workbook that is edited and comes back", async ({ as }, info) => {
  const page = await as(DEMO.owner);
  await page.goto(SOA);
  await page.getByText("Download", { exact: true }).click();
  const take = async (name) => {
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name, exact: true }).first().click()]);
    const path = info.outputPath(file.suggestedFilename());
    await file.saveAs(path);
    return path;
  };
  expect(readFileSync(await take("PDF")).subarray(0, 5).toString()).toBe("%PDF-");
  const book = await take("XLSX");
  execFileSync("python3", [EDIT, book]);
  await page.goto(`${BASE}/import`);
  await page.locator("#upload").setInputFiles(book);
  await expect(page.locator(".upload-says")).toContainText("Uploaded");
  await page.getByRole("button", { name: "Show what it would change" }).click();
  await expect(page.getByRole("status").first()).toContainText("Nothing has happened yet");
  await expect(page.locator(".changes ins").first()).toHaveText("Edited in a workbook");
  await page.getByRole("button", { name: "Take in 1 change" }).click();
  await expect(page.getByRole("status").first()).toContainText("0 new, 1 changed");
});
