const blankLine = /\r\n\r\n|\n\n|\r\r/;

/**
 * Cuts an event stream into blocks while a fault looks at them, and passes bytes through untouched otherwise. A fault
 * that begins in the middle of a block lets that block finish.
 */
export interface EventCutter {
  /** Bytes to send on for these bytes received. */
  push(chunk: Buffer, hook: ((block: string) => string | undefined) | undefined): Buffer;
}

export function createEventCutter(): EventCutter {
  // Latin-1 maps bytes to characters one to one, so that untouched blocks keep their bytes.
  let held = "";
  let isMidBlock = false;
  let tail = "";
  return {
    push(chunk, hook) {
      if (!hook) {
        const out = held === "" ? chunk : Buffer.concat([Buffer.from(held, "latin1"), chunk]);
        held = "";
        tail = (tail + out.subarray(-4).toString("latin1")).slice(-4);
        isMidBlock = !/(\r\n\r\n|\n\n|\r\r)$/.test(tail);
        return out;
      }
      held += chunk.toString("latin1");
      let out = "";
      for (let cut = blankLine.exec(held); cut; cut = blankLine.exec(held)) {
        const block = held.slice(0, cut.index + cut[0].length);
        held = held.slice(block.length);
        out += isMidBlock ? block : encode(hook(toText(block)));
        isMidBlock = false;
      }
      tail = "";
      return Buffer.from(out, "latin1");
    },
  };
}

function toText(block: string): string {
  return Buffer.from(block, "latin1").toString("utf8");
}

function encode(block: string | undefined): string {
  return block === undefined ? "" : Buffer.from(block, "utf8").toString("latin1");
}
