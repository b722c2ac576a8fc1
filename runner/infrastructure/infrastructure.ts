import { setTimeout as delay } from 'node:timers/promises';
import { type ReplicaName, replicaNames } from '#catalog/services.ts';
import { cacheSettings, proxied } from '#catalog/stores.ts';
import type { Infrastructure, Toxic } from '#chaos/keeper/infrastructure.ts';
import { version } from '../project.ts';
import type { ServiceStatus, StartedStack } from '../runtimes/runtime.ts';
import { type EdgeWish, edgeWishes } from './edge.ts';
import { toxiproxyApi } from './toxiproxy.ts';
import { createWishes, type Wishes } from './wishes.ts';

/** The infrastructure of a stack for faults, and with the means that its operators have against them. */
export interface OperatedInfrastructure extends Infrastructure {
  stateOf(service: string): ServiceStatus['state'] | undefined;
  /** Also where somebody wishes it to be down, or to hang. */
  restartAnyway(service: string): Promise<void>;
  /** What keeps a service from running. */
  holds(service: string): Wishes<Hold>;
  /** What is deployed to a replica beside the usual. */
  releases(replica: string): Wishes<Environment>;
  readonly edge: Wishes<EdgeWish>;
  readonly cacheLimits: Wishes<number>;
  /** Ends all that is wished for on the way to a store or a replica. */
  reroute(service: string): Promise<void>;
  /** How often somebody else was seen to have changed the ways since this was first asked. */
  strangersOnWays(): Promise<number>;
}

export type Hold = 'stopped' | 'gone' | 'paused';
export type Environment = Readonly<Record<string, string>>;

export function createInfrastructure(stack: StartedStack): OperatedInfrastructure {
  const { actions, options } = stack;
  const toxiproxy = toxiproxyApi(`http://127.0.0.1:${options.ports.toxiproxy}`);
  const replicas = replicaNames(options.replicas);
  const stateOf = (service: string) => stack.status().find(({ name }) => name === service)?.state;
  const holds = perName((name) => createWishes<Hold>((wishes) => fulfilHolds(name, wishes)));
  const releases = perName((name) => createWishes<Environment>((wishes) => deploy(replicaOf(name), wishes)));
  const deployed = new Map<string, string>();
  const toxics = perName((proxy) => toxicsOn(proxy));
  const closed = perName((proxy) =>
    createWishes<true>(async (wishes) => {
      await toxiproxy.send('POST', `/proxies/${proxy}`, { enabled: wishes.length === 0 });
    }),
  );
  const edge = edgeWishes(actions);
  const cacheLimits = createWishes<number>(async (wishes) => {
    const bytes = wishes.length === 0 ? usualCacheLimit : String(Math.min(...wishes));
    await actions.askValkey('valkey', ['CONFIG', 'SET', 'maxmemory', bytes]);
  });
  return {
    ...{ replicas, stateOf, holds, releases, edge, cacheLimits },
    kill: (service) => actions.kill(nameOf(service)),
    restart,
    ensureRunning: (service) => holds(service).fulfil(),
    restartAnyway: async (service) => {
      const wasDown = stateOf(service) === 'stopped';
      if (!wasDown) await restart(service);
      await holds(service).drop();
    },
    addToxic: (proxy, toxic) => toxics(proxy).add(toxic),
    closeProxy: (proxy) => closed(proxy).add(true),
    reroute: async (service) => {
      await toxics(service).drop();
      await closed(service).drop();
    },
    strangersOnWays: toxiproxy.strangers,
    untilReady,
    hold: (service, how) => holds(service).add(how),
    release: (replica, environment) => releases(replica).add(environment),
    configureEdge: (change) => edge.add(change),
    limitCache: (bytes) => cacheLimits.add(bytes),
    proxied: async (service) => {
      if (proxied.some(({ name }) => name === service)) return { proxy: service, undo: async () => undefined };
      return await proxiedReplica(replicaOf(service));
    },
  };

  function toxicsOn(proxy: string): Wishes<Toxic> {
    const there = new Set<string>();
    return createWishes<Toxic>(async (wishes) => {
      for (const name of [...there].filter((each) => wishes.every((toxic) => toxic.name !== each))) {
        await toxiproxy.send('DELETE', `/proxies/${proxy}/toxics/${name}`, undefined, 404);
        there.delete(name);
      }
      for (const toxic of wishes.filter(({ name }) => !there.has(name))) {
        // Before it is known to be there: what fails half way is taken away.
        there.add(toxic.name);
        await toxiproxy.send('POST', `/proxies/${proxy}/toxics`, { ...toxic, toxicity: 1 });
      }
    });
  }

  async function untilReady(service: string, signal?: AbortSignal): Promise<void> {
    const deadline = AbortSignal.timeout(readyPatienceMs);
    const either = signal ? AbortSignal.any([deadline, signal]) : deadline;
    for (;;) {
      const state = stateOf(service);
      if (state === 'ready' || state === 'stopped') return;
      await delay(50, undefined, { signal: either });
    }
  }

  async function fulfilHolds(service: string, wishes: readonly Hold[]): Promise<void> {
    const name = nameOf(service);
    const down = wishes.find((wish) => wish !== 'paused');
    if (down !== undefined) {
      if (stateOf(service) === 'stopped') return;
      return await withWayClosed(service, () => actions.stop(name, down === 'gone' ? 'at once' : 'in order'));
    }
    if (stateOf(service) === 'stopped') await actions.start(name);
    if (wishes.includes('paused')) await actions.pause(name);
    else if (stateOf(service) === 'paused') await actions.resume(name);
  }

  async function restart(service: string): Promise<void> {
    await withWayClosed(service, () => actions.restart(nameOf(service)));
  }

  /** Whoever was connected to a store connects again at once, while its address goes: it is better refused. */
  async function withWayClosed(service: string, end: () => Promise<void>): Promise<void> {
    if (!actions.addressesEnd || proxied.every(({ name }) => name !== service)) return await end();
    const open = await closed(service).add(true);
    try {
      await end();
    } finally {
      await open();
    }
  }

  async function deploy(replica: ReplicaName, wishes: readonly Environment[]): Promise<void> {
    const wanted = JSON.stringify(wishes);
    if (wanted === (deployed.get(replica) ?? '[]')) return;
    deployed.set(replica, 'not known');
    const VERSION = wishes.length === 0 ? {} : { VERSION: nextVersion(version()) };
    // Whom nginx finds away three times it leaves out for 30 s: a release would do nothing until then.
    const takeBack = await edge.add({ kind: 'away', replica });
    try {
      await actions.reconfigure(replica, Object.assign({}, ...wishes, VERSION));
      // Whoever deploys to what is held down does not start it.
      await holds(replica).fulfil();
      await untilReady(replica, AbortSignal.timeout(deployPatienceMs)).catch(() => undefined);
    } finally {
      await takeBack();
    }
    deployed.set(replica, wanted);
  }

  /** The proxy is there before nginx is led to it, and stays when nginx has left it: nobody else knows of it. */
  async function proxiedReplica(replica: ReplicaName) {
    const way = actions.wayTo(replica);
    const { listen, upstream } = way;
    // Another fault may have made it.
    await toxiproxy.send('POST', '/proxies', { name: replica, listen, upstream, enabled: true }, 409);
    return { proxy: replica, undo: await edge.add({ kind: 'via', replica, way }) };
  }

  function replicaOf(service: string): ReplicaName {
    const known = replicas.find((name) => name === service);
    if (known === undefined) throw new Error(`${service} is no replica of this stack`);
    return known;
  }

  function nameOf(service: string) {
    const known = stack.status().find(({ name }) => name === service);
    if (known === undefined) throw new Error(`${service} is no service of this stack`);
    return known.name;
  }
}

const readyPatienceMs = 60_000;
/** A release that does not get ready is given requests all the same. */
const deployPatienceMs = 5_000;
const usualCacheLimit = cacheSettings[cacheSettings.indexOf('--maxmemory') + 1] ?? '0';

function perName<T>(create: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const found = known.get(name) ?? create(name);
    known.set(name, found);
    return found;
  };
}

/** A release after this one: the last of its numbers is one higher. */
function nextVersion(current: string): string {
  return current.replace(/\d+$/, (last) => String(Number(last) + 1));
}
