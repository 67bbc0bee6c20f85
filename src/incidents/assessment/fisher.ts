/** `ln n!`: Stirling's series, right to about ten digits and more from 10 on; below, the product itself. */
function lnFactorial(n: number): number {
  if (n < 10) {
    let product = 1;
    for (let factor = 2; factor <= n; factor++) product *= factor;
    return Math.log(product);
  }
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5);
}

const lnChoose = (of: number, pick: number) => lnFactorial(of) - lnFactorial(pick) - lnFactorial(of - pick);

/**
 * Chance that a cohort of `members` among `all` has at least `hits` of `victims`, were the victims drawn by lot: Fisher's
 * exact test, one-sided. Whole numbers with hits ≤ members ≤ all and hits ≤ victims ≤ all.
 */
export function chanceOf({
  all,
  victims,
  members,
  hits,
}: Record<"all" | "victims" | "members" | "hits", number>): number {
  const most = Math.min(members, victims);
  const least = Math.max(hits, members + victims - all);
  if (hits <= Math.max(0, members + victims - all)) return 1;
  let term = Math.exp(lnChoose(members, least) + lnChoose(all - members, victims - least) - lnChoose(all, victims));
  let sum = term;
  for (let hit = least; hit < most && term > sum * 1e-12; hit++) {
    term *= ((members - hit) * (victims - hit)) / ((hit + 1) * (all - members - victims + hit + 1));
    sum += term;
  }
  return Math.min(1, sum);
}
