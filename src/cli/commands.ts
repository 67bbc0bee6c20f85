import type { Command } from "commander";

/** Every command is one file that registers itself and imports its work lazily, so that `--help` stays instant. */
export const commands: readonly ((program: Command) => void)[] = [];
