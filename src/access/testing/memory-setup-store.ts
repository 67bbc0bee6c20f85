import type { SetupStore } from "../setup-desk.ts";

/** For tests: settings in a map. */
export function memorySetupStore(): SetupStore & { readonly values: ReadonlyMap<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    get: (name) => Promise.resolve(values.get(name)),
    set: (name, value) => (values.set(name, value), Promise.resolve()),
  };
}
