import { constants } from 'node:os';
import { z } from 'zod';
import type { Crash, ServiceStatus } from '../runtime.ts';
import { type Stamp, timeNsOf } from './news.ts';

/** What has happened to a container, by Docker's words. */
export type ContainerEvent = Readonly<z.infer<typeof containerEventSchema>>;

/** @source https://docs.docker.com/reference/cli/docker/compose/events/ */
const containerEventSchema = z.object({
  action: z.string(),
  service: z.string(),
  time: z.string().default(''),
  attributes: z.object({ exitCode: z.coerce.number().optional() }).default({}),
});

/** A line of `docker compose events --json`; undefined for what is none. */
export function parseEvent(line: string): ContainerEvent | undefined {
  try {
    return containerEventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The events of a project are one row. */
export function eventStamp(line: string): Stamp | undefined {
  const timeNs = timeNsOf(parseEvent(line)?.time ?? '');
  return timeNs === undefined ? undefined : { source: 'events', timeNs };
}

/** One container, by what was told of it so far. */
export interface ContainerState {
  readonly state: ServiceStatus['state'];
  /** The first start and every later one. */
  readonly starts: number;
  /** Somebody asked it to end: what the engine takes for a wish it does not undo. */
  readonly asked?: boolean;
  readonly outOfMemory?: boolean;
}

export interface ContainerChange {
  readonly state: ContainerState;
  readonly crash?: Pick<Crash, 'how' | 'comesBack'>;
}

const unknown: ContainerState = { state: 'starting', starts: 0 };

/** What a container is after an event, and whether that was a crash. */
export function afterEvent(before: ContainerState = unknown, { action, attributes }: ContainerEvent): ContainerChange {
  const { starts } = before;
  switch (action) {
    case 'start':
      return { state: { state: starts === 0 ? 'starting' : 'restarting', starts: starts + 1 } };
    case 'health_status: healthy':
      return { state: { state: 'ready', starts } };
    case 'pause':
      return { state: { ...before, state: 'paused' } };
    case 'unpause':
      return { state: { ...before, state: 'ready' } };
    case 'kill':
      return { state: { ...before, asked: true } };
    case 'oom':
      return { state: { ...before, outOfMemory: true } };
    case 'die':
      return died(before, attributes.exitCode ?? 0);
    default:
      return { state: before };
  }
}

function died({ starts, asked = false, outOfMemory = false }: ContainerState, exitCode: number): ContainerChange {
  const state = { state: 'stopped', starts } as const;
  if (exitCode === 0) return { state };
  const how = describeExit(exitCode);
  return { state, crash: { how: outOfMemory ? `${how} at its memory limit` : how, comesBack: !asked } };
}

/** What ends by a signal ends with 128 and its number, as a shell would say it. */
function describeExit(exitCode: number): string {
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128) ?? [];
  return signal ?? `exit code ${exitCode}`;
}
