/** Which Beacon-API routes the kinds treat apart. Paths come without their query. */
export const isHealthRoute = (path: string): boolean => /^\/eth\/v\d+\/node\/health\/?$/.test(path);
export const isSyncingRoute = (path: string): boolean => /^\/eth\/v\d+\/node\/syncing\/?$/.test(path);
export const isProductionRoute = (path: string): boolean => /^\/eth\/v\d+\/validator\/(blinded_)?blocks\//.test(path);
export const isAttestationDataRoute = (path: string): boolean =>
  /^\/eth\/v\d+\/validator\/attestation_data\/?$/.test(path);

/** Routes that a syncing node refuses with 503, as beacon-APIs says. */
export const isDutyRoute = (path: string): boolean =>
  isProductionRoute(path) ||
  isAttestationDataRoute(path) ||
  /^\/eth\/v\d+\/validator\/(duties\/|aggregate_attestation|sync_committee_contribution|aggregate_and_proofs|contribution_and_proofs|beacon_committee_subscriptions|sync_committee_subscriptions|liveness\/|payload_attestation_data)/.test(
    path,
  );
