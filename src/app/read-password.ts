import { readFile } from "node:fs/promises";
import type { ReadStream } from "node:tty";
import { AppError } from "../lib/app-error.ts";

/** A password from a file ("-": standard input), else typed at the terminal, unseen. Its line end is not part of it. */
export async function readPassword(file: string | undefined): Promise<string> {
  if (file !== undefined && file !== "-") return firstLine(await readText(file));
  if (file === undefined && process.stdin.isTTY) return typePassword(process.stdin);
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += String(chunk);
  return firstLine(text);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new AppError(`read the password from ${file}`, { code: "password-file", cause });
  }
}

const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0] ?? "";

function typePassword(terminal: ReadStream): Promise<string> {
  process.stderr.write("Password (at least 12 characters, not shown): ");
  terminal.setRawMode(true).setEncoding("utf8").resume();
  return new Promise((resolve, reject) => {
    let typed = "";
    const end = (finish: () => void) => {
      terminal.off("data", take).setRawMode(false).pause();
      process.stderr.write("\n");
      finish();
    };
    const take = (text: string) => {
      for (const key of text) {
        if (key === "\r" || key === "\n") return end(() => resolve(typed));
        if (key === "\u0003" || key === "\u0004")
          return end(() => reject(new AppError("read a password: it was interrupted", { code: "interrupted" })));
        typed = key === "\u007f" || key === "\b" ? typed.slice(0, -1) : typed + key;
      }
    };
    terminal.on("data", take);
  });
}
