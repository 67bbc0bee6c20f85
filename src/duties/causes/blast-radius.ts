/** `lost` of the window's losses are of this cohort, of which `share` were lost; `lift` against everybody else's share. */
export interface BlastRadiusLabel {
  labels: Readonly<Record<string, string>>;
  lost: number;
  assigned: number;
  share: number;
  /** Share of all losses that it explains. */
  explains: number;
  lift: number;
}
