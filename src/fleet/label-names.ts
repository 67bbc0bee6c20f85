export const maxLabelLength = 200;

const labelForm = /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/;

/** Says whether a text can be the name of a label. It begins with a letter, so that `__proto__` is none. */
export function isLabelName(text: string): boolean {
  return labelForm.test(text);
}
