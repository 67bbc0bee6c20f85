import { DatabaseSync } from "node:sqlite";

/** Names of the places that hold it, however its letters are written. */
export function holding(text: string, places: Readonly<Record<string, string | readonly string[]>>): string[] {
  const wanted = [text.toLowerCase(), Buffer.from(text).toString("hex"), encodeBase64(text)];
  return Object.entries(places)
    .filter(([, found]) => wanted.some((form) => String(found).toLowerCase().includes(form)))
    .map(([name]) => name);
}

/** Without its last letters, which depend on what follows. */
function encodeBase64(text: string): string {
  return Buffer.from(text).toString("base64url").slice(0, -4).toLowerCase();
}

function bytesAsText(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value;
}

/** All that a monitor stored, table by table, but the incidents themselves and their timelines. */
export function everyTable(file: string): Record<string, string> {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    const names = tables.map(({ name }) => name).filter((name) => name !== "timeline");
    return Object.fromEntries(
      names.map((name) => {
        const where = name === "respondRows" ? "WHERE kind <> 'incident'" : "";
        return [`table ${name}`, JSON.stringify(db.prepare(`SELECT * FROM "${name}" ${where}`).all(), bytesAsText)];
      }),
    );
  } finally {
    db.close();
  }
}
