import { drain } from './drain.ts';
import { flush } from './flush.ts';
import type { Operation } from './operation.ts';
import { replay } from './replay.ts';
import { reroute } from './reroute.ts';
import { restart } from './restart.ts';
import { rollback } from './rollback.ts';
import { scale } from './scale.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { undrain } from './undrain.ts';

/** All that an operator may do to a running stack. */
export const operations: readonly Operation[] = [
  restart,
  rollback,
  reroute,
  drain,
  undrain,
  stop,
  start,
  scale,
  flush,
  replay,
];
