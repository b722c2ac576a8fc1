/** At most this share of the requests may be bad. An SLO with a target of 0.995 has the limit 0.005, one on latency counts what is slower than a bucket edge. */
export interface Objective {
  readonly name: string;
  /** What bad requests did, to end the words "3 of 900 requests …": `failed`, `took longer than 0.3 s`. */
  readonly bad: string;
  /** What is counted, where it is no requests. */
  readonly events?: string;
  /** Above 0, below 1. */
  readonly limit: number;
  /**
   * Rates around the limit between which either verdict will do: the gate tells `good` from `bad` by Wald's test, which takes a
   * fraction of the requests, and says little of the limit itself. Without it the verdict is about the limit.
   */
  readonly zone?: IndifferenceZone;
}

export interface IndifferenceZone {
  /** At most the limit; failed wrongly at most at the stated error rate. */
  readonly good: number;
  /** At least the limit; passed wrongly at most at the stated error rate. */
  readonly bad: number;
}

export interface GatePolicy {
  /** How often a verdict may be wrong at the limit, on each side: PASS of what is not below it, FAIL of what is not above it. Above 0, below 0.5. */
  readonly errorRate: number;
  /** How large a dispersion φ of the errors is assumed before they tell themselves; 1: they are independent of each other. */
  readonly assumedPhi: number;
  /** Nothing is decided on fewer batches (seconds). */
  readonly leastBatches: number;
}

export const defaultPolicy: GatePolicy = { errorRate: 0.05, assumedPhi: 5, leastBatches: 5 };

/** @throws RangeError that names field, value and what was expected */
export function checkObjective({ name, limit, zone }: Objective): void {
  if (!(limit > 0 && limit < 1)) {
    throw new RangeError(`${name}: limit: expected a share above 0 and below 1, got ${limit}`);
  }
  if (zone && !(zone.good >= 0 && zone.good <= limit && zone.bad >= limit && zone.bad < 1 && zone.good < zone.bad)) {
    throw new RangeError(
      `${name}: zone: expected shares good < bad with the limit ${limit} between them, got ${zone.good} and ${zone.bad}`,
    );
  }
}

/** @throws RangeError that names field, value and what was expected */
export function checkPolicy({ errorRate, assumedPhi, leastBatches }: GatePolicy): void {
  if (!(errorRate > 0 && errorRate < 0.5)) {
    throw new RangeError(`errorRate: expected a number above 0 and below 0.5, got ${errorRate}`);
  }
  if (!(assumedPhi >= 1 && Number.isFinite(assumedPhi))) {
    throw new RangeError(`assumedPhi: expected a number from 1, got ${assumedPhi}`);
  }
  if (!(Number.isInteger(leastBatches) && leastBatches >= 1)) {
    throw new RangeError(`leastBatches: expected a whole number from 1, got ${leastBatches}`);
  }
}
