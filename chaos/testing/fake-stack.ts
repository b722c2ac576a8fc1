import type { Clock } from '../engine/clock.ts';
import type { DrillRun } from '../engine/drill-run.ts';
import { createLedger, type Ledger } from '../engine/ledger.ts';
import type { OperationEvent } from '../engine/target.ts';
import { virtualClock } from './virtual-clock.ts';

/** What becomes of users and of the stack: as faults, operators and time say. */
export interface World {
  /** Ids of those that the keeper has. */
  readonly faults: Set<string>;
  /** What users feel of it, 0..1. */
  errors(nowSeconds: number): number;
  /** Whether backend-2 gets requests. */
  serves(nowSeconds: number): boolean;
  /** Whether the keeper does. */
  takesOrders: boolean;
  /** Of each service. */
  state: string;
}

/** Two replicas and all that is asked about them, without a process: answers come at once, and time passes while everybody sleeps. */
export interface FakeStack {
  readonly world: World;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly run: DrillRun;
  /** Lets whoever listens know of an operation. */
  tell(event: OperationEvent): void;
  /** In place of the global one. */
  fetch(url: string, options?: RequestInit): Promise<unknown>;
}

export function fakeStack(): FakeStack {
  const clock = virtualClock();
  const ledger = createLedger(clock, () => undefined);
  const faults = new Set<string>();
  const world: World = {
    faults,
    errors: () => faults.size,
    serves: () => true,
    takesOrders: true,
    state: 'ready',
  };
  const names = ['backend-1', 'backend-2'];
  let listener: (event: OperationEvent) => void = () => undefined;
  const target = {
    urls: { edge: 'http://edge', prometheus: 'http://prometheus', loki: 'http://loki', alertmanager: 'http://alerts' },
    replicas: names.map((name) => ({ name, address: `${name}:1` })),
    control: (name: string) => ({ name, url: 'http://control', token: 't', caller: 'c' }),
    keeper: { name: 'keeper', url: 'http://keeper', token: 'k' },
    topology: () => names.map((name) => ({ name, state: world.state, restarts: 0 })),
    strangersOnWays: async () => 0,
    onOperation: (given: typeof listener) => {
      listener = given;
      return () => undefined;
    },
  };
  const run = { clock, ledger, seed: 's', signal: new AbortController().signal, target } as unknown as DrillRun;
  return {
    ...{ world, clock, ledger, run },
    tell: (event) => listener(event),
    fetch: async (url, { method = 'GET' } = {}) => {
      const { host, pathname } = new URL(url);
      const answers: Readonly<Record<string, () => unknown>> = {
        edge: () => said({}),
        alerts: () => said(pathname.endsWith('silences') ? [] : { config: { original: '' } }),
        control: () => said({ strangers: 0 }),
        keeper: () => keeper(method, pathname.split('/')[2] ?? ''),
        loki: () => vector(...names.slice(0, world.serves(seconds()) ? 2 : 1).map(served)),
        prometheus: () =>
          pathname.endsWith('rules')
            ? said({ data: { groups: [] } })
            : vector({ metric: {}, value: [0, String(world.errors(seconds()))] }),
      };
      return answers[host]?.();
    },
  };

  function seconds(): number {
    return clock.nowMs() / 1000;
  }

  function keeper(method: string, id: string): unknown {
    if (method === 'PUT' && !world.takesOrders) return said({}, 500);
    if (method === 'PUT') faults.add(id);
    if (method === 'DELETE') faults.delete(id);
    return said({ active: [...faults].map((each) => ({ id: each })), injectedAtMs: clock.nowMs() });
  }
}

function served(name: string): object {
  return { metric: { status: '200', upstream_address: `${name}:1` }, value: [0, '5'] };
}

function vector(...result: readonly object[]): unknown {
  return said({ status: 'success', data: { resultType: 'vector', result } });
}

/** An answer that is read without waiting for anything but itself. */
function said(body: unknown, status = 200): unknown {
  const text = JSON.stringify(body);
  const read = { text: async () => text, json: async () => JSON.parse(text), arrayBuffer: async () => undefined };
  return { ok: status < 400, status, ...read };
}
