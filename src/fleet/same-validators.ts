import type { FleetValidator } from "./validator.ts";

/** Whether two inventories name the same validators with the same labels and sources, in the same order. */
export function sameValidators(a: readonly FleetValidator[], b: readonly FleetValidator[]): boolean {
  if (a.length !== b.length) return false;
  // Many validators share one label object: pairs that were found equal are not looked at again.
  const equal = new Map<object, object>();
  const sameLabels = (x: FleetValidator["labels"], y: FleetValidator["labels"]): boolean => {
    if (x === y || equal.get(x) === y) return true;
    const keys = Object.keys(x);
    if (keys.length !== Object.keys(y).length || keys.some((key) => x[key] !== y[key])) return false;
    equal.set(x, y);
    return true;
  };
  return a.every((left, i) => {
    const right = b[i];
    return (
      right !== undefined &&
      left.pubkey === right.pubkey &&
      left.index === right.index &&
      left.sources.length === right.sources.length &&
      left.sources.every((name, at) => name === right.sources[at]) &&
      sameLabels(left.labels, right.labels)
    );
  });
}
