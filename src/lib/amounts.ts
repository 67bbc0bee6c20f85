/** Amounts for people. */

/** A duration: "850 ms", "3.2 s", "12 min", "3 h", "2 d". */
export function duration(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1000) return `${Math.round(size)} ms`;
  if (size < 60_000) return `${(size / 1000).toFixed(1).replace(/\.0$/, "")} s`;
  if (size < 5_400_000) return `${Math.round(size / 60_000)} min`;
  if (size < 172_800_000) return `${Math.round(size / 3_600_000)} h`;
  return `${Math.round(size / 86_400_000)} d`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Bytes in the units that disks and memory are sold in. */
export function gigabytes(bytes: number): string {
  const gb = bytes / 1e9;
  return gb >= 1000 ? `${(gb / 1000).toFixed(1)} TB` : `${gb >= 10 ? Math.round(gb) : gb.toFixed(1)} GB`;
}
