// Evidence comes up with the form, with a script while one writes and without one when the form is sent, and is read by others.
import { BASE, DEMO, expect, test } from "./test.mjs";

const NEW = `${BASE}/records/evidence_item/new`;
const file = { name: "drill.txt", mimeType: "text/plain", buffer: Buffer.from("The drill of 20 November went as planned.\n") };

for (const javaScriptEnabled of [true, false]) {
  test(`a file is uploaded ${javaScriptEnabled ? "and dropped with" : "without"} JavaScript`, async ({ as }) => {
    const page = await as(DEMO.manager, { javaScriptEnabled });
    await page.goto(NEW);
    await page.locator("#field-title").fill("Protocol of the drill");
    await page.locator('input[type="file"]').first().setInputFiles(file);
    if (javaScriptEnabled) await expect(page.locator(".upload-says").first()).toContainText("Uploaded");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByRole("status").first()).toContainText("is on the ledger");
    const [taken] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "drill.txt" }).click()]);
    const chunks = [];
    for await (const chunk of await taken.createReadStream()) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(file.buffer);
  });
}

test("a file is dropped onto the field", async ({ as }) => {
  const page = await as(DEMO.manager);
  await page.goto(NEW);
  const data = await page.evaluateHandle(() => {
    const dropped = new DataTransfer();
    dropped.items.add(new File(["Dropped here"], "dropped.txt", { type: "text/plain" }));
    return dropped;
  });
  await page.locator("[data-upload]").first().dispatchEvent("drop", { dataTransfer: data });
  await expect(page.locator(".upload-file").first()).toHaveText("dropped.txt");
  await expect(page.locator(".upload-says").first()).toContainText("Uploaded");
});
