export const maxLabelLength = 200;

/** A name of a label begins with a letter, so that `__proto__` is none. */
export const labelForm = /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/;

export function isLabelName(text: string): boolean {
  return labelForm.test(text);
}
