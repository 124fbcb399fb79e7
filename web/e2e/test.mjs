// What all tests share: somebody who is signed in, and a console in which nothing may be said.
import { test as plain, expect } from "@playwright/test";
import { DEMO, FOUNDER, PASSWORD } from "./house.mjs";

export { expect, DEMO, FOUNDER, PASSWORD };
export const BASE = "/o/nordlicht-mobility-gmbh";

// Chromium writes a line for every answer that is none of 2xx, also where that is what is asked for.
const isStatus = (text) => /^Failed to load resource: the server responded with a status of 4(04|12|22)/.test(text);

/** Keeps what a page says on its console, and what fails in its scripts. */
export function listen(page) {
  const said = [];
  page.on("console", (message) => { if (message.type() === "error" && !isStatus(message.text())) said.push(`${page.url()}: ${message.text()}`); });
  page.on("pageerror", (error) => said.push(`${page.url()}: ${error.message}`));
  return said;
}

/** Signs in by the form; leads to the first page of the house. */
export async function signIn(page, email, password = PASSWORD) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

export const test = plain.extend({
  baseURL: async ({}, use) => use(process.env.HOUSE_DEMO),
  page: async ({ page }, use) => {
    const said = listen(page);
    await use(page);
    expect(said, "what the console says").toEqual([]);
  },
  /** A page of its own for somebody, signed in; `page` of the test stays nobody's. */
  as: async ({ browser, baseURL }, use) => {
    const opened = [];
    await use(async (who, options = {}) => {
      const context = await browser.newContext({ baseURL, reducedMotion: "reduce", viewport: { width: 1440, height: 900 }, ...options });
      const page = await context.newPage();
      opened.push({ context, said: listen(page) });
      await signIn(page, who);
      await page.waitForURL(/\/o\//);
      return page;
    });
    const said = opened.flatMap((one) => one.said);
    for (const { context } of opened) await context.close();
    expect(said, "what the console says").toEqual([]);
  },
});
