import type { FaultDefinition } from '#catalog/faults/argument.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';
import { badRelease } from './bad-release.ts';
import { cacheEviction } from './cache-eviction.ts';
import { crashLoop } from './crash-loop.ts';
import { edgeBadConfig } from './edge-bad-config.ts';
import { edgeRateLimit } from './edge-rate-limit.ts';
import { flapping } from './flapping.ts';
import { networkBandwidth } from './network-bandwidth.ts';
import { networkDown } from './network-down.ts';
import { networkJitter } from './network-jitter.ts';
import { networkLatency } from './network-latency.ts';
import { networkResetPeer } from './network-reset-peer.ts';
import { networkSlicer } from './network-slicer.ts';
import { networkTimeout } from './network-timeout.ts';
import { processKill } from './process-kill.ts';
import { processPause } from './process-pause.ts';
import { processRestart } from './process-restart.ts';
import { scaleDown } from './scale-down.ts';
import { serviceStop } from './service-stop.ts';
import { telemetryDown } from './telemetry-down.ts';

/** The faults that the keeper knows, one row each. */
export const keptFaults: readonly KeptFault[] = [
  networkLatency,
  networkJitter,
  networkBandwidth,
  networkTimeout,
  networkResetPeer,
  networkSlicer,
  networkDown,
  processKill,
  processPause,
  processRestart,
  serviceStop,
  telemetryDown,
  scaleDown,
  flapping,
  badRelease,
  crashLoop,
  cacheEviction,
  edgeBadConfig,
  edgeRateLimit,
].map((fault) => fault as KeptFault<FaultDefinition> as KeptFault);
