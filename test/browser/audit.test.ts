import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { auditPage } from "./audit-page.ts";
import { describePages, overflow, phone } from "./describe-pages.ts";
import type { SceneName } from "./fake-api/scenes.ts";

const sceneNames: readonly SceneName[] = [
  "fine",
  "oneDown",
  "held",
  "splitOpen",
  "splitChosen",
  "drained",
  "drilled",
  "tripped",
];

describePages("what hinders nobody", ({ api, open }) => {
  it.each(["light", "dark"] as const)("pages in %s", async (colorScheme) => {
    const { page } = await open("/", { colorScheme });
    for (const scene of sceneNames) {
      api().show(scene);
      for (const path of ["/", "/nodes?open=gateway%2Fmain%2Fbn-2"]) {
        await page.goto(api().url + path);
        await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
        await page.locator("canvas, [data-open-row]").first().waitFor();
        expect(await auditPage(page), `${scene} ${path}`).toEqual([]);
      }
    }
  });

  it.each(["light", "dark"] as const)("dialogs in %s, and on a phone", async (colorScheme) => {
    const dialogs: readonly (readonly [SceneName, string])[] = [
      ["drained", "Hold signing…"],
      ["drained", "Reset watermark…"],
      ["drained", "Cordon…"],
      ["drained", "Drain…"],
      ["drained", "Run drill…"],
      ["held", "Release…"],
      ["splitOpen", "Serve this branch, of bn-2…"],
    ];
    for (const [scene, button] of dialogs) {
      api().show(scene);
      const { page, complaints } = await open("/nodes?open=gateway%2Fmain%2Fbn-2", { colorScheme, ...phone });
      await page.getByRole("button", { name: button }).first().click();
      await page.getByRole("dialog").waitFor();
      expect(await auditPage(page), button).toEqual([]);
      expect(await overflow(page), button).toBeLessThanOrEqual(0);
      expect(await fitsDialog(page), button).toBe(true);
      expect(complaints).toEqual([]);
    }
  });

  it("finds what it looks for", async () => {
    const { page } = await open("/nodes");
    await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
    await page.evaluate(`(() => {
      const [button, text] = ["button", "p"].map((name) => document.querySelector("main").appendChild(document.createElement(name)));
      button.id = "main";
      text.textContent = "pale";
      text.style.color = getComputedStyle(document.documentElement).backgroundColor;
    })()`);
    expect(await auditPage(page)).toEqual([
      "id main stands twice",
      'no name: <button id="main"></button>',
      'contrast 1.00: p "pale"',
    ]);
  });
});

const fitsDialog = (page: Page) =>
  page.evaluate<boolean>(`(() => {
    const dialog = document.querySelector("[role=dialog]");
    return dialog.scrollWidth <= dialog.clientWidth && dialog.getBoundingClientRect().top >= 0;
  })()`);
