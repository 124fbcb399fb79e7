// Changing records: forms, two people at once, what was written and not sent, and the past, which stays as it is.
import { BASE, DEMO, expect, test } from "./test.mjs";

const edit = (id) => `${BASE}/records/ai_system/${id}/edit`;
const purpose = "#field-purpose";

test("a record is edited, and its history says by whom", async ({ as }) => {
  const page = await as(DEMO.owner);
  await page.goto(edit("SYS-3"));
  const said = `Written by a test at ${Date.now()}`;
  await page.locator(purpose).fill(said);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("is on the ledger");
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.locator(".history > li").first()).toContainText(said);
  await expect(page.locator(".history > li").first()).toContainText("Wiebke Carstensen");
});

for (const javaScriptEnabled of [true, false]) {
  test(`of two browsers the second sees both versions and chooses, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async ({ as }) => {
    const [one, other] = [await as(DEMO.owner), await as(DEMO.manager, { javaScriptEnabled })];
    const at = edit(javaScriptEnabled ? "SYS-4" : "SYS-8");
    await one.goto(at);
    await other.goto(at);
    await one.locator(purpose).fill("What the first wrote");
    await one.locator("#field-unit").fill("What only the first touched");
    await one.getByRole("button", { name: "Save" }).click();
    await expect(one.getByRole("status")).toContainText("is on the ledger");
    await other.locator(purpose).fill("What the second wrote");
    await other.getByRole("button", { name: "Save" }).click();
    const alert = other.getByRole("alert");
    await expect(alert).toContainText("Somebody else changed this record");
    await expect(alert).toContainText("Wiebke Carstensen");
    await expect(other.locator(purpose)).toHaveValue("What the second wrote");
    await expect(other.locator("#field-unit")).toHaveValue("What only the first touched");
    const versions = other.getByRole("group", { name: "Purpose: two versions" });
    await expect(versions).toContainText("What the first wrote");
    await versions.getByRole("button", { name: "Take theirs" }).click();
    await expect(other.locator(purpose)).toHaveValue("What the first wrote");
    await versions.getByRole("button", { name: "Keep yours" }).click();
    await expect(other.locator(purpose)).toHaveValue("What the second wrote");
    await other.getByRole("button", { name: "Take all of theirs" }).click();
    await expect(other.locator(purpose)).toHaveValue("What the first wrote");
    await other.getByRole("button", { name: "Keep all of mine" }).click();
    await other.getByRole("button", { name: "Save", exact: true }).click();
    if (javaScriptEnabled) await expect(other.getByRole("status")).toContainText("is on the ledger");
    await other.goto(at);
    await expect(other.locator(purpose)).toHaveValue("What the second wrote");
    await expect(other.locator("#field-unit")).toHaveValue("What only the first touched");
  });
}

test("a form says what is wrong at the field and loses nothing", async ({ as }) => {
  const page = await as(DEMO.owner);
  await page.goto(`${BASE}/records/risk/new`);
  await page.locator("#field-title").fill("Wrong berth");
  await page.locator("#field-inherent-likelihood").fill("9");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.locator("#errors")).toContainText("1 to 5");
  await expect(page.locator("#field-title")).toHaveValue("Wrong berth");
  await page.locator("#errors a").first().click();
});

test("what was written and not sent is still there", async ({ as }) => {
  const page = await as(DEMO.owner);
  await page.goto(edit("SYS-5"));
  await page.locator(purpose).fill("Half a thought");
  await page.goto(BASE);
  await page.goto(edit("SYS-5"));
  await expect(page.locator(purpose)).not.toHaveValue("Half a thought");
  await page.getByRole("button", { name: "Take it up again" }).click();
  await expect(page.locator(purpose)).toHaveValue("Half a thought");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("is on the ledger");
  await page.goto(edit("SYS-5"));
  await expect(page.getByRole("button", { name: "Take it up again" })).toHaveCount(0);
});

test("the past is read and not changed", async ({ as }) => {
  const page = await as(DEMO.owner);
  await page.goto(`${BASE}/records/ai_system/SYS-1`);
  await expect(page.getByRole("link", { name: "Edit", exact: true })).toBeVisible();
  await page.locator(".as-of summary").click();
  await page.getByLabel("Show the state at the end of").fill("2026-03-01");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page.getByRole("status")).toContainText("As it stood on 1 Mar 2026");
  await nothingToChange(page);
  await page.getByRole("link", { name: "Systems", exact: true }).click();
  await expect(page).toHaveURL(/as_of=2026-03-01/);
  await nothingToChange(page);
});

test("a viewer sees everything and changes nothing", async ({ as }) => {
  const page = await as(DEMO.viewer);
  for (const path of ["", "/records/ai_system", "/records/ai_system/SYS-1", "/records/ai_system/SYS-1?tab=comments", "/records/risk/RSK-1"]) {
    await page.goto(`${BASE}${path}`);
    await nothingToChange(page);
  }
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" })).toHaveCount(0);
  const refused = await page.request.get(edit("SYS-1"));
  expect(refused.status()).toBe(403);
});

test("people are spoken to by name, by keys alone", async ({ as }) => {
  const page = await as(DEMO.owner);
  await page.goto(`${BASE}/records/ai_system/SYS-2?tab=comments`);
  const field = page.getByLabel("Comment", { exact: true });
  await field.fill("Thank you ");
  await field.press("End");
  await page.keyboard.type("@");
  const people = page.getByRole("listbox", { name: "People" });
  await expect(people.getByRole("option").first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Escape");
  await expect(people).toBeHidden();
  await page.keyboard.type("wiebke car");
  await expect(people.getByRole("option")).toHaveCount(1);
  const active = await field.getAttribute("aria-activedescendant");
  await expect(page.locator(`[id="${active}"]`)).toContainText("Wiebke Carstensen");
  await page.keyboard.press("Enter");
  await expect(people).toBeHidden();
  await expect(field).toHaveValue(/^Thank you @PER-\d+ $/);
  await page.getByRole("button", { name: "Comment" }).click();
  await expect(page.locator(".comments").getByRole("link", { name: "@Wiebke Carstensen" }).last()).toBeVisible();
});

// Nothing in the content is sent, but for views of lists, which are one's own; and no link leads to a form.
async function nothingToChange(page) {
  await expect(page.locator('main form[method="post"]:not(.views form)')).toHaveCount(0);
  await expect(page.locator('main a[href$="/edit"], main a[href$="/new"]')).toHaveCount(0);
}
