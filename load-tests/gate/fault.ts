/** Why a run measured nothing that a verdict could rest on; the fault of the measurement, not of what was measured. */
export interface MeasurementFault {
  readonly kind: 'delivery' | 'agreement';
  /** A sentence. */
  readonly reason: string;
}
