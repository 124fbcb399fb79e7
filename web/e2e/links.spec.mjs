// Links that are handed over: what stands behind their # opens them, and is gone from the address at once.
import { BASE, DEMO, PASSWORD, expect, test } from "./test.mjs";

async function invite(owner, email) {
  await owner.goto(`${BASE}/settings/invitations`);
  await owner.getByLabel("E-mail address").fill(email);
  await owner.getByLabel("Role").selectOption("auditor");
  await owner.getByRole("button", { name: "Make the invitation" }).click();
  return owner.getByLabel("Link").inputValue();
}

test("an invitation opens by its link and makes an account", async ({ as, page }) => {
  const link = await invite(await as(DEMO.owner), "new@auditors.example");
  expect(link).toMatch(/\/invitation#[\w-]+$/);
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Take part in Nordlicht");
  const secret = link.split("#")[1];
  expect(asked.filter((address) => new URL(address).pathname.includes(secret) || new URL(address).search.includes(secret))).toEqual([]);
  expect(page.url()).not.toContain(secret);
  await page.getByLabel("What you are called").fill("Noor Auditor");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Make an account and accept" }).click();
  await expect(page).toHaveURL(new RegExp(`${BASE}$`));
  await expect(page.locator(".person summary")).toContainText(/./);
});

test("without JavaScript the link is pasted", async ({ as, browser, baseURL }) => {
  const link = await invite(await as(DEMO.owner), "plain@auditors.example");
  const context = await browser.newContext({ baseURL, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/invitation");
  await page.getByLabel("Your link").fill(link);
  await page.getByRole("button", { name: "Open the invitation" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Take part in Nordlicht");
  await context.close();
});
