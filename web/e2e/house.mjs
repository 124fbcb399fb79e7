// A house to walk through: a data folder of its own, made by the program that was built, and a server over it.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const surety = process.env.SURETY ?? resolve(root, process.env.CARGO_TARGET_DIR ?? "target", "debug/surety");

export const PASSWORD = "heron lantern gravel whistle";
/** Who comes in to the demo, by role. */
export const DEMO = {
  owner: "wiebke.carstensen@nordlicht.example",
  manager: "thies.lorenzen@nordlicht.example",
  viewer: "bente.hinrichs@nordlicht.example",
  auditor: "ana.duarte@auditors.example",
};
/** Who starts an organisation in which there is nothing yet. */
export const FOUNDER = "kim@harbour.example";

/** How Chromium is started; root has no sandbox. */
export const chromium = () => ({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});

// Nothing that is set for another Surety reaches this one.
const environment = (data) => {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("SURETY_"));
  return { ...Object.fromEntries(kept), SURETY_DATA: data };
};

const run = (data, args, input) => execFileSync(surety, args, { env: environment(data), input, stdio: ["pipe", "pipe", "inherit"] });

/** The demo, with a password for each who is named. */
export function demo() {
  const data = mkdtempSync(join(tmpdir(), "surety-demo-"));
  run(data, ["demo", "--quiet", "--listen", "127.0.0.1:0"]);
  for (const email of Object.values(DEMO)) run(data, ["account", "password", email, "--password-stdin"], `${PASSWORD}\n`);
  return data;
}

/** An organisation that has nobody but its owner. */
export function empty() {
  const data = mkdtempSync(join(tmpdir(), "surety-empty-"));
  run(data, ["init", "--org", "Harbour Ferries"]);
  const person = ["record", "create", "person", "--set", "position=Head of operations"];
  run(data, person);
  const account = ["account", "add", FOUNDER, "--name", "Kim Harper", "--role", "owner", "--person", "PER-1", "--password-stdin"];
  run(data, account, `${PASSWORD}\n`);
  return data;
}

/** An organisation with many AI systems, for measuring. */
export function wide(systems) {
  const data = mkdtempSync(join(tmpdir(), "surety-wide-"));
  const rows = Array.from({ length: systems }, (_, at) => `System ${at + 1},Forecasts the demand of line ${at + 1} and proposes a timetable,Head of line ${at % 20},in operation`);
  writeFileSync(join(data, "systems.csv"), ["name,purpose,owner,status", ...rows, ""].join("\n"));
  run(data, ["--quiet", "init", "--org", "Load"]);
  run(data, ["--quiet", "import", join(data, "systems.csv")]);
  const account = ["--quiet", "account", "add", "load@load.example", "--name", "Load", "--role", "owner", "--person", "PER-1", "--password-stdin"];
  run(data, account, `${PASSWORD}\n`);
  return data;
}

/** Serves a data folder on a free port. Passkeys are bound to a name, so it is asked for as `localhost`. */
export async function serve(data) {
  if (!existsSync(surety)) throw new Error(`no ${surety}; build it with: cargo build --workspace --bins`);
  const options = ["serve", "--listen", "127.0.0.1:0", "--rate", "0", "--log", "warn"];
  const server = spawn(surety, options, { env: environment(data), stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(server, "exit");
  const lines = createInterface({ input: server.stderr });
  const said = [];
  const port = await new Promise((found, failed) => {
    lines.on("line", (line) => {
      said.push(line);
      const place = /^serving http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
      if (place) found(place[1]);
    });
    ended.then(() => failed(new Error(`the server ended:\n${said.join("\n")}`)));
  });
  const end = async () => {
    server.kill("SIGTERM");
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  return { origin: `http://localhost:${port}`, end, said };
}
