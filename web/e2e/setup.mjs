// Before all tests: two houses, one with three years of history and one with nothing in it; after all, neither.
import { demo, empty, serve } from "./house.mjs";

export default async function setup() {
  const [full, bare] = await Promise.all([serve(demo()), serve(empty())]);
  process.env.HOUSE_DEMO = full.origin;
  process.env.HOUSE_EMPTY = bare.origin;
  return async () => {
    await Promise.all([full.end(), bare.end()]);
    const said = [full, bare].flatMap((house) => house.said).filter((line) => /ERROR|panicked/.test(line));
    if (said.length) throw new Error(`the servers complained:\n${said.join("\n")}`);
  };
}
