import { defaultPolicy, type GatePolicy, type Objective } from './objective.ts';
import { weigh } from './weigh.ts';

/** How many requests without a single bad one the gate needs for PASS; to be said before a run, because fewer cannot pass. */
export function leastRequests(objective: Objective, policy: GatePolicy = defaultPolicy): number {
  const enough = (total: number) =>
    weigh(objective, { bad: 0, total, batches: policy.leastBatches, phi: undefined }, policy).pass <= policy.errorRate;
  let high = 1;
  while (!enough(high)) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
