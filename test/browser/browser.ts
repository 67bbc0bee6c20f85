import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { requireProgram } from "../require-program.ts";
import { distFolder } from "./fake-api/send-file.ts";

const webFolder = join(import.meta.dirname, "../../web");
const contractFiles = ["contract.ts", "contract-duties.ts", "contract-respond.ts", "contract-oncall.ts"].map((name) =>
  join(import.meta.dirname, "../../src/api", name),
);

/** Path of Chromium, or `undefined`: the suite is then skipped, in so many words. */
export const chromiumPath = requireProgram({
  name: "chromium",
  pathVariable: "CHROMIUM_PATH",
  otherNames: ["chromium-browser", "google-chrome"],
  install: "apt-get install chromium",
});

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? "chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Builds the web app when there is no build, or a source is newer than it. */
export async function buildWebOnce(): Promise<void> {
  const builtAt = await stat(join(distFolder, "index.html")).then(
    (found) => found.mtimeMs,
    () => 0,
  );
  const folders = [join(webFolder, "src"), join(webFolder, "public")];
  const listings = await Promise.all(
    folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })),
  );
  const entries = listings.flat();
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sources = [...files, ...contractFiles, join(webFolder, "index.html"), join(webFolder, "vite.config.ts")];
  const changedAt = Math.max(...(await Promise.all(sources.map(async (path) => (await stat(path)).mtimeMs))));
  if (builtAt > changedAt) return;
  const vite = join(webFolder, "../node_modules/vite/bin/vite.js");
  await promisify(execFile)(process.execPath, [vite, "build"], { cwd: webFolder });
}

/** A page together with everything that it complained of; `complaints` must stay empty unless a test expects some. */
export interface WatchedPage {
  page: Page;
  complaints: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    timezoneId: "Europe/Berlin",
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(
    "document.addEventListener('securitypolicyviolation', (e) => console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI))",
  );
  await page.goto(url);
  return { page, complaints };
}
