// Coming in and going out: by password, and by a passkey that the browser keeps.
import { BASE, DEMO, PASSWORD, expect, signIn, test } from "./test.mjs";

test("a password leads in, and to the page that was asked for", async ({ page }) => {
  await page.goto(`${BASE}/due`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel("E-mail address").fill(DEMO.viewer);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${BASE}/due$`));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Due");
});

test("one goes out and is out", async ({ page }) => {
  await signIn(page, DEMO.viewer);
  await page.locator(".person summary").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto(BASE);
  await expect(page).toHaveURL(/\/sign-in/);
});

test("a passkey is made on the account page and leads in", async ({ page }) => {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options });

  await signIn(page, DEMO.manager);
  await page.waitForURL(/\/o\//);
  await page.goto("/account");
  await page.getByLabel("Name of the passkey").fill("Laptop of the tests");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  // The first factor brings recovery codes, which are shown once.
  await expect(page.locator("[data-passkey-codes]")).toBeVisible();
  await expect(page.locator(".codes li")).toHaveCount(10);
  await page.goto("/account");
  await expect(page.getByRole("button", { name: "Remove Laptop of the tests" })).toBeVisible();
  const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
  expect(credentials).toHaveLength(1);

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.waitForURL(/\/o\//);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Today");
});
