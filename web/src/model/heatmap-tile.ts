import type { HeatmapHeader } from "../../../src/api/contract-duties.ts";

/** The body of `GET /api/v1/duties/heatmap`, taken apart. Cells lie epoch by epoch, in the order of `indices`. */
export interface HeatTile {
  fromEpoch: number;
  epochs: number;
  rows: number;
  states: HeatmapHeader["states"];
  indices: Uint32Array;
  cells: Uint8Array;
}

const states: readonly unknown[] = ["live", "provisional", "final", null];
const mostHeader = 1_000_000;

/** Throws where the body is not what its header says: a picture of shifted cells would blame the wrong validators. */
export function readHeatTile(body: ArrayBuffer): HeatTile {
  const wrong = (what: string) =>
    new Error(`The heatmap cannot be read: ${what}. Reload the page; the server may be of another version.`);
  if (body.byteLength < 4) throw wrong("it is empty");
  const length = new DataView(body).getUint32(0, true);
  if (length > mostHeader || 4 + length > body.byteLength) throw wrong("its header is cut off");
  const header = parseHeader(new Uint8Array(body, 4, length));
  if (header === undefined) throw wrong("its header does not say what it holds");
  const { fromEpoch, epochs, rows } = header;
  const indicesAt = 4 + length;
  const cellsAt = indicesAt + rows * 4;
  if (body.byteLength !== cellsAt + epochs * rows)
    throw wrong(`it has ${body.byteLength} bytes where ${cellsAt + epochs * rows} were announced`);
  const view = new DataView(body, indicesAt, rows * 4);
  const indices = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) indices[row] = view.getUint32(row * 4, true);
  return { fromEpoch, epochs, rows, states: header.states, indices, cells: new Uint8Array(body, cellsAt) };
}

function parseHeader(bytes: Uint8Array): HeatmapHeader | undefined {
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  const header = read as Partial<HeatmapHeader> | null;
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isCount(header?.fromEpoch) || !isCount(header.epochs) || !isCount(header.rows)) return undefined;
  const { states: told } = header;
  if (!Array.isArray(told) || told.length !== header.epochs) return undefined;
  return told.every((state) => states.includes(state)) ? (header as HeatmapHeader) : undefined;
}
