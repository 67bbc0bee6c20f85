/** Controls and direction marks: a name that holds one could reorder or hide the words beside it (Unicode TR 36). */
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** A `JSON.parse` reviver that shows such characters as replacement marks, whatever field they came in. */
export const cleanText = (_key: string, value: unknown): unknown =>
  typeof value === "string" ? value.replace(unsafe, "\ufffd") : value;
