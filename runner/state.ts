import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Ports } from '#catalog/ports.ts';
import { type ConsoleClient, consoleClient } from './console/client.ts';
import { RunnerError } from './errors.ts';
import { takeLock } from './lock.ts';
import { endGroup } from './process.ts';
import { identify, isAlive, type ProcessIdentity, processIdentitySchema } from './process-identity.ts';
import { composeProjectSchema, endProject } from './runtimes/compose/project.ts';
import { serviceStates } from './runtimes/runtime.ts';

const serviceSchema = z.object({
  name: z.string(),
  /** Absent for a container. */
  process: processIdentitySchema.optional(),
  /** What was said last of it. */
  state: z.enum(serviceStates).optional(),
  /** The first start and every restart. */
  starts: z.number(),
});

export type ServiceState = Readonly<z.infer<typeof serviceSchema>>;

const schema = z.object({
  runner: processIdentitySchema,
  phase: z.enum(['starting', 'up', 'stopping']),
  startedAtMs: z.number(),
  options: z.object({
    profile: z.string(),
    timeScale: z.number(),
    replicas: z.number(),
    ports: z.custom<Ports>((value) => typeof value === 'object' && value !== null),
  }),
  services: z.array(serviceSchema),
  /** The containers of the stack, where it runs as such. */
  containers: composeProjectSchema.optional(),
  /** What the backends verify tokens with; there once the stack is up. */
  tokenSecret: z.string().optional(),
  /** Where the runner takes orders; there once the stack is up. */
  console: z
    .object({
      url: z.string(),
      operatorToken: z.string(),
      /** Absent while nobody may touch faults. */
      controlToken: z.string().optional(),
    })
    .optional(),
  /** Opens the control port of every replica; absent while nobody may touch faults. */
  controlToken: z.string().optional(),
  /** Processes that are no service: the load generator. */
  guests: z.array(processIdentitySchema),
});

/** What another command can know about the stack of this checkout. */
export type StackState = z.infer<typeof schema>;

/** The state of a stack on disk; the runner that holds it is the only one that writes it. */
export interface StateFile {
  update(change: Partial<Omit<StackState, 'runner'>>): void;
  release(): void;
}

/** The state on disk, whether or not its runner still lives; undefined when there is none. */
export function readState(directory: string): StackState | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(stateFile(directory), 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * The stack of this directory, which is up.
 * @throws RunnerError STACK_NOT_UP
 */
export function upState(directory: string): StackState {
  const state = readState(directory);
  if (state?.phase === 'up' && isHeld(state)) return state;
  throw new RunnerError('STACK_NOT_UP', 'No stack is up in this checkout; start one with "firedrill up".');
}

/**
 * How the runner of the stack of this directory is asked, which is up.
 * @throws RunnerError STACK_NOT_UP
 */
export function upConsole(directory: string): ConsoleClient {
  const { console } = upState(directory);
  if (console) return consoleClient(console);
  throw new RunnerError(
    'STACK_NOT_UP',
    'The stack in this checkout takes no orders: start it anew with "firedrill up".',
  );
}

/** Where something that begins now is kept, `<kind>/<time>-<name>`: names sort by time. */
export function timedDirectory(stateDirectory: string, kind: string, name?: string, atMs = Date.now()): string {
  const time = new Date(atMs).toISOString().replace(/[:.]/g, '-');
  return join(stateDirectory, kind, name === undefined ? time : `${time}-${name}`);
}

/** @throws RunnerError NOT_WRITABLE */
export function makeStateDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (cause) {
    throw new RunnerError(
      'NOT_WRITABLE',
      `The stack cannot keep its files in ${directory} (${(cause as NodeJS.ErrnoException).code}): name a directory that it may write to with --state-directory.`,
      { cause },
    );
  }
}

/** True while the runner that wrote the state lives. */
export function isHeld(state: StackState): boolean {
  return isAlive(state.runner);
}

/** True while this service of a stack whose runner lives has not ended. */
export function isRunning({ process, state = 'stopped' }: ServiceState): boolean {
  return process === undefined ? state !== 'stopped' : isAlive(process);
}

/** Ends every process and every container that a runner left behind. */
export async function endLeftovers({ services, guests, containers }: StackState): Promise<void> {
  const processes = services.flatMap(({ process }) => process ?? []);
  await Promise.all([...processes, ...guests].map(endGroup));
  if (containers) await endProject(containers);
}

/**
 * Takes the stack of this directory for this process; what a dead runner left is ended first.
 * @throws RunnerError STACK_ALREADY_UP
 */
export async function holdState(directory: string, options: StackState['options'], nowMs: number): Promise<StateFile> {
  const runner = identify(process.pid) as ProcessIdentity;
  takeLock(lockFile(directory), runner);
  const before = readState(directory);
  if (before) await endLeftovers(before);
  let state: StackState = { runner, phase: 'starting', startedAtMs: nowMs, options, services: [], guests: [] };
  const update: StateFile['update'] = (change) => {
    state = { ...state, ...change };
    writeAtomically(stateFile(directory), state);
  };
  update({});
  return {
    update,
    release: () => {
      rmSync(stateFile(directory), { force: true });
      rmSync(lockFile(directory), { force: true });
    },
  };
}

function writeAtomically(file: string, value: unknown): void {
  // It holds a secret.
  writeFileSync(`${file}.new`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const stateFile = (directory: string): string => join(directory, 'state.json');
const lockFile = (directory: string): string => join(directory, 'lock');
