import type { CDPSession, Page } from "playwright-core";
import { buildWebOnce, chromiumPath, launchBrowser, openPage } from "../test/browser/browser.ts";
import { startFakeApi } from "../test/browser/fake-api/server.ts";
import { frameTimes, type TraceEvent } from "./heatmap/frame-times.ts";
import { quantile, round } from "./lib/statistics.ts";

const validators = 100_000;
const epochs = 225;
/** Steps of the pointer, a little more than one a frame, as a hand makes them. */
const stepMs = 12;

/**
 * The built page with 100,000 validators over 225 epochs in Chromium: panned and zoomed by real mouse input. A frame's time is
 * the sum of all tasks of the page's main thread between two frames, from the browser's own trace (`RunTask`): input, script,
 * style, layout, painting, and whatever else runs there. Also told: the thread's CPU time in them, which other load on the
 * machine does not inflate, and the part that drew the canvas. Rastering, which is on other threads, is not counted.
 */
export async function run({ isQuick }: { isQuick: boolean }): Promise<Record<string, unknown>> {
  if (chromiumPath === undefined) throw new Error("Chromium is not installed: apt-get install chromium");
  await buildWebOnce();
  const api = await startFakeApi("fine");
  api.showDuties({ validators, epochs });
  const browser = await launchBrowser();
  try {
    const { page } = await openPage(browser, `${api.url}/validators`);
    await page.getByText("all that are watched: 100,000 validators").waitFor({ timeout: 60_000 });
    const session = await page.context().newCDPSession(page);
    const strokes = isQuick ? 4 : 16;
    const pan = await traced(session, () => panAbout(page, strokes));
    const zoom = await traced(session, () => zoomInAndOut(page, strokes));
    const whole = [...pan.frames, ...zoom.frames];
    const of = (frames: readonly { ms: number; cpuMs: number }[], share: number) => ({
      wall: round(
        quantile(
          frames.map(({ ms }) => ms),
          share,
        ),
        2,
      ),
      cpu: round(
        quantile(
          frames.map(({ cpuMs }) => cpuMs),
          share,
        ),
        2,
      ),
    });
    console.log(`${pan.frames.length} frames of panning:`, { p50: of(pan.frames, 0.5), p95: of(pan.frames, 0.95) });
    console.log(`${zoom.frames.length} frames of zooming:`, { p50: of(zoom.frames, 0.5), p95: of(zoom.frames, 0.95) });
    return {
      ...{ validators, epochs, frames: pan.frames.length },
      ...{ p50Ms: of(pan.frames, 0.5).wall, p95Ms: of(pan.frames, 0.95).wall, maxMs: of(pan.frames, 1).wall },
      ...{ p95CpuMs: of(pan.frames, 0.95).cpu, zoomFrames: zoom.frames.length, zoomP95Ms: of(zoom.frames, 0.95).wall },
      longTasks: whole.filter(({ ms }) => ms > 50).length,
    };
  } finally {
    await browser.close();
    await api.end();
  }
}

/** Runs the work under the browser's trace. Frames in which nobody drew the heatmap are left out. */
async function traced(session: CDPSession, work: () => Promise<void>) {
  const events: TraceEvent[] = [];
  const take = ({ value }: { value: unknown[] }) => void events.push(...(value as TraceEvent[]));
  session.on("Tracing.dataCollected", take);
  const ended = new Promise<void>((resolve) => session.once("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"] },
  });
  await work();
  await session.send("Tracing.end");
  await ended;
  session.off("Tracing.dataCollected", take);
  const frames = frameTimes(events);
  if (frames.length === 0) throw new Error("The trace holds no frame: this Chromium names its tasks differently.");
  return { frames };
}

async function middleOf(page: Page): Promise<{ x: number; y: number }> {
  const canvas = page.getByRole("application");
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  if (box === null) throw new Error("The heatmap is not drawn.");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Zoomed in a little, so that there is somewhere to go; then strokes across, one in each direction in turn. */
async function panAbout(page: Page, strokes: number): Promise<void> {
  const { x, y } = await middleOf(page);
  await page.mouse.move(x, y);
  await page.keyboard.down("Shift");
  for (let turn = 0; turn < 2; turn++) await page.mouse.wheel(0, -300);
  await page.keyboard.up("Shift");
  for (let turn = 0; turn < 3; turn++) await page.mouse.wheel(0, -300);
  for (let stroke = 0; stroke < strokes; stroke++) {
    const sign = stroke % 2 === 0 ? 1 : -1;
    await page.mouse.move(x - 200 * sign, y - 120 * sign);
    await page.mouse.down();
    for (let step = 1; step <= 60; step++) {
      await page.mouse.move(x + (-200 + step * 6.6) * sign, y + (-120 + step * 4) * sign);
      await pause(stepMs);
    }
    await page.mouse.up();
  }
}

async function zoomInAndOut(page: Page, strokes: number): Promise<void> {
  const { x, y } = await middleOf(page);
  await page.mouse.move(x, y);
  for (let stroke = 0; stroke < strokes; stroke++)
    for (let step = 0; step < 40; step++) {
      await page.mouse.wheel(0, stroke % 2 === 0 ? -80 : 80);
      await pause(stepMs);
    }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
