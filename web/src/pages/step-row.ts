/** Moves the focus to the next row's button, from wherever it is. */
export function stepRow(step: 1 | -1): void {
  const buttons = [...document.querySelectorAll<HTMLElement>("[data-row-button]")];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const next = at === -1 ? (step === 1 ? 0 : buttons.length - 1) : Math.max(0, Math.min(buttons.length - 1, at + step));
  buttons[next]?.focus();
}
