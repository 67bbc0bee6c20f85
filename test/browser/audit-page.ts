import type { Page } from "playwright-core";

/**
 * What a person who does not see well, or does not use a mouse, would stumble over: controls without a name, ids that stand
 * twice, text that is hard to tell from what is behind it (WCAG 2.2, 1.4.3: 4.5 to 1, of large text 3 to 1).
 */
export function auditPage(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(${audit.toString()})()`);
}

/** Runs in the page; typed loosely, because the tests are compiled without the DOM. */
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment,
   @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return */
const audit = (): string[] => {
  const { document, getComputedStyle } = globalThis as any;
  const found = new Set<string>();
  const shown = (element: any) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const where = (element: any) => `${element.tagName.toLowerCase()} "${element.textContent.trim().slice(0, 40)}"`;

  const ids = [...document.querySelectorAll("[id]")].map((element: any) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) found.add(`id ${id} stands twice`);

  for (const element of document.querySelectorAll("button, a[href], input, select, textarea, summary")) {
    const labelled = element.getAttribute("aria-labelledby");
    const name =
      element.getAttribute("aria-label") ??
      (labelled === null ? undefined : document.getElementById(labelled)?.textContent) ??
      element.labels?.[0]?.textContent ??
      element.textContent;
    if (shown(element) && (name ?? "").trim() === "") found.add(`no name: ${element.outerHTML.slice(0, 80)}`);
  }

  const numbers = (color: string) => color.match(/[\d.]+/g)!.map(Number);
  const over = (top: number[], below: number[]) => {
    const alpha = top[3] ?? 1;
    return [0, 1, 2].map((index) => top[index]! * alpha + below[index]! * (1 - alpha));
  };
  const backgroundOf = (element: any): number[] => {
    if (element === null) return [255, 255, 255];
    const own = numbers(getComputedStyle(element).backgroundColor);
    return (own[3] ?? 1) === 1 ? own : over(own, backgroundOf(element.parentElement));
  };
  const luminance = (color: number[]) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, index) => {
      const part = color[index]! / 255;
      return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    }, 0);
  const texts = document.createTreeWalker(document.body, 4);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim() === "" || !shown(element) || element.closest(":disabled, .only-heard, option"))
      continue;
    // What is behind an open dialog is not to be read.
    if (document.querySelector("[role=dialog]") && !element.closest("[role=dialog]")) continue;
    const style = getComputedStyle(element);
    const behind = backgroundOf(element);
    const [a, b] = [luminance(over(numbers(style.color), behind)), luminance(behind)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) found.add(`contrast ${ratio.toFixed(2)}: ${where(element)}`);
  }
  return [...found];
};
/* eslint-enable */
