import type { Batch } from '#statistics/dispersion.ts';
import { shareDifference } from '#statistics/two-shares.ts';
import type { MeasurementFault } from './fault.ts';
import { percent } from './words.ts';

/** One objective, counted on both ends of the same requests. */
export interface Ends {
  readonly name: string;
  /** By the load generator. */
  readonly client: Batch;
  /** By the SLI in Prometheus. */
  readonly server: Batch;
  /** Others may use the service meanwhile; then the server may count more. */
  readonly shared?: boolean;
}

/** Of the requests; what was under way at the first and the last scrape only one of them counts. */
const countTolerance = 0.05;
/** Two-sided 99 %. */
const z99 = 2.5758293035489004;

/**
 * Both saw the same requests, so they have to agree at least as well as two independent samples would: a difference whose interval
 * excludes 0 is a fault of the measurement.
 */
export function agreementFault({ name, client, server, shared }: Ends): MeasurementFault | undefined {
  if (client.total === 0 && server.total === 0) return undefined;
  const missing = 1 - server.total / client.total;
  if (missing > countTolerance || (!shared && missing < -countTolerance)) {
    return fault(`${name}: Prometheus counted ${server.total} requests, the load generator ${client.total}.`);
  }
  const { low, high } = shareDifference(count(client), count(server), z99);
  if (low <= 0 && high >= 0) return undefined;
  return fault(
    `${name}: ${percent(server.bad / server.total)} of the requests were bad by Prometheus, ` +
      `${percent(client.bad / client.total)} by the load generator.`,
  );
}

function count({ bad, total }: Batch) {
  return { k: bad, n: total };
}

function fault(reason: string): MeasurementFault {
  return { kind: 'agreement', reason };
}
