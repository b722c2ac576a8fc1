import type { AlertmanagerConfig } from '#observability/alertmanager/config.ts';
import type { Mutant } from '../mutant.ts';

/** A configuration of Alertmanager with one mistake. */
export interface NotificationMutant extends Mutant {
  /** Makes the mistake, at whatever time scale the configuration is. */
  readonly make: (config: AlertmanagerConfig) => AlertmanagerConfig;
}

/** A mistake in one part of it: a route, an inhibition, a receiver. */
export interface Mistake<Part> {
  readonly operator: string;
  readonly says: string;
  readonly make: (part: Part) => Part;
}
