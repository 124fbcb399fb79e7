// Finding things: filters and sorting, with and without JavaScript, and the palette.
import { BASE, DEMO, expect, test } from "./test.mjs";

const SYSTEMS = `${BASE}/records/ai_system`;
const ids = (page) => page.locator("#list tbody tr[data-id]").evaluateAll((rows) => rows.map((row) => row.dataset.id));

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test("a list is filtered, sorted, and its address says how", async ({ as }) => {
      const page = await as(DEMO.owner, { javaScriptEnabled });
      await page.goto(SYSTEMS);
      const all = await ids(page);
      expect(all.length).toBeGreaterThan(10);
      await page.locator('select[name="state"]').selectOption("in_operation");
      if (!javaScriptEnabled) await page.getByRole("button", { name: "Apply" }).click();
      await expect(page).toHaveURL(/state=in_operation/);
      await expect.poll(async () => (await ids(page)).length).toBeLessThan(all.length);
      await page.locator("#list thead a", { hasText: "Title" }).click();
      await expect(page).toHaveURL(/sort=title/);
      await expect(page.locator('th[aria-sort="ascending"]')).toContainText("Title");
      const shown = await page.locator("#list tbody tr[data-id]").count();
      await page.reload();
      await expect(page.locator("#list tbody tr[data-id]")).toHaveCount(shown);
      await page.locator("#filter-q").fill("there is nothing of this sort");
      if (javaScriptEnabled) await expect(page.locator("#list .nothing")).toContainText("Nothing fits this filter");
      else {
        await page.getByRole("button", { name: "Apply" }).click();
        await expect(page.locator(".nothing")).toContainText("Nothing fits this filter");
      }
      await page.locator("#list").getByRole("link", { name: "Show all" }).click();
      await expect.poll(async () => (await ids(page)).length).toBe(all.length);
    });

    test("a record is found, opened and edited", async ({ as }) => {
      const page = await as(DEMO.owner, { javaScriptEnabled });
      const id = javaScriptEnabled ? "SYS-6" : "SYS-7";
      await page.getByRole("searchbox", { name: "Search" }).fill(id.toLowerCase());
      await page.getByRole("searchbox", { name: "Search" }).press("Enter");
      await expect(page).toHaveURL(new RegExp(`/records/ai_system/${id}$`));
      await page.getByRole("link", { name: "Edit", exact: true }).click();
      await page.locator("#field-purpose").fill("Rewritten");
      await page.getByRole("button", { name: "Save" }).click();
      await expect(page.getByRole("status")).toContainText("is on the ledger");
      await expect(page.locator("main")).toContainText("Rewritten");
    });
  });
}

for (const javaScriptEnabled of [true, false]) {
  test(`a view of a list is saved, shared, opened in another browser and removed, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async ({ as }) => {
    const page = await as(DEMO.owner, { javaScriptEnabled });
    const name = `In operation ${javaScriptEnabled ? "by script" : "by form"}`;
    const menu = page.locator("details.views");
    await page.goto(SYSTEMS);
    await page.locator('select[name="state"]').selectOption("in_operation");
    if (!javaScriptEnabled) await page.getByRole("button", { name: "Apply" }).click();
    await expect(page).toHaveURL(/state=in_operation/);
    const count = await page.locator("#list .count").textContent();
    await menu.locator("summary").click();
    await menu.getByLabel("Save what is shown as").fill(name);
    await menu.getByLabel("Show it to everybody here").check();
    await menu.getByRole("button", { name: "Save" }).click();
    await expect(menu.locator("summary")).toHaveText(`View: ${name}`);
    await expect(page).toHaveURL(/state=in_operation/);

    const other = await as(DEMO.viewer);
    await other.goto(SYSTEMS);
    await other.locator("details.views summary").click();
    await expect(other.getByRole("button", { name: `Remove the view ${name}` })).toHaveCount(0);
    await other.locator("details.views").getByRole("link", { name }).click();
    await expect(other).toHaveURL(/state=in_operation/);
    await expect(other.locator("#list .count")).toHaveText(count);

    await menu.locator("summary").click();
    await menu.getByRole("button", { name: `Remove the view ${name}` }).click();
    await expect(menu.locator("summary")).toHaveText("Views");
    await other.reload();
    await other.locator("details.views summary").click();
    await expect(other.locator("details.views").getByRole("link", { name })).toHaveCount(0);
  });
}

test("the palette goes to pages, finds records and creates", async ({ as }) => {
  const page = await as(DEMO.owner);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("searchbox", { name: "Search" })).toBeFocused();
  await page.keyboard.type("go to plan");
  const palette = page.getByRole("region", { name: "Found so far" });
  await expect(palette.getByRole("link", { name: "Go to Today" })).toHaveCount(0);
  await expect(palette.getByRole("link").first()).toHaveText("Go to Plan");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${BASE}/plan`);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("create risk");
  await palette.getByRole("link", { name: "Create a risk", exact: true }).click();
  await expect(page).toHaveURL(`${BASE}/records/risk/new`);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("sys-3");
  await expect(palette.getByRole("link").first()).toHaveText(/^Open SYS-3: /);
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
});

test("rows are walked by keys", async ({ as }) => {
  const page = await as(DEMO.owner);
  await page.goto(SYSTEMS);
  await page.locator("h1").click();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const second = (await ids(page))[1];
  await expect(page.locator(`tr.at[data-id="${second}"]`)).toBeVisible();
  await page.keyboard.press("x");
  await expect(page.locator(`tr[data-id="${second}"] input`)).toBeChecked();
  await page.keyboard.press("Enter");
  // It opens beside the list; its whole page is one click away.
  await expect(page).toHaveURL(new RegExp(`open=${second}$`));
  await expect(page.getByRole("complementary", { name: `Record ${second}` })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/open=/);
});

test("many records are changed with a preview, and taken back", async ({ as }) => {
  const page = await as(DEMO.owner);
  await page.goto(`${SYSTEMS}?sort=-id`);
  const [one, other] = (await ids(page)).slice(0, 2);
  for (const id of [one, other]) await page.locator(`tr[data-id="${id}"] input`).check();
  await page.getByRole("button", { name: "Change ticked" }).click();
  await page.getByLabel("What is to happen to them").selectOption({ label: "Set: purpose" });
  await page.getByRole("button", { name: "Go on" }).click();
  await page.locator("#field-purpose").fill("Set for both at once");
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.locator(".changes ins")).toHaveText(["Set for both at once", "Set for both at once"]);
  await page.getByRole("button", { name: "Change 2" }).click();
  await expect(page.getByRole("status")).toContainText("2 records changed");
  await page.getByRole("button", { name: "Take it back" }).click();
  await page.goto(`${BASE}/records/ai_system/${one}?tab=history`);
  await expect(page.locator(".history > li").first().locator("del")).toContainText("Set for both at once");
});
