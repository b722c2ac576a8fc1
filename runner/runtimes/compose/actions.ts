import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatAddress } from '#catalog/address.ts';
import { type ContainerName, replicaPorts } from '#catalog/containers.ts';
import { assignPorts } from '#catalog/ports.ts';
import { type ReplicaName, replicaIndex } from '#catalog/services.ts';
import { at, everywhere, ports } from '#compose/addresses.ts';
import { configFolder } from '#compose/places.ts';
import { type NginxParams, renderNginx, revisionOf } from '#nginx/render.ts';
import { oneByOne } from '../../one-by-one.ts';
import type { ServiceStatus } from '../runtime.ts';
import type { StackActions } from '../stack-actions.ts';
import { untilRevision } from '../until-revision.ts';
import { type ComposeOptions, type ComposeProject, compose } from './project.ts';

export interface ComposeActionsOptions {
  readonly project: ComposeProject;
  /** How the project was started: its file and its settings. */
  readonly started: Required<Pick<ComposeOptions, 'file' | 'env'>>;
  /** Of this stack: `run` in its directory. */
  readonly runFolder: string;
  /** Where the containers find it. */
  readonly configurationFolder: string;
  readonly usualNginx: NginxParams;
  /** By which nginx knows it. */
  addressOf(name: ReplicaName): string;
  stateOf(name: ContainerName): ServiceStatus['state'];
}

/** Longer than anything takes that is asked of the engine here; a replica may finish its requests for 30 s. */
const patienceMs = 80_000;

/** What can be done to containers, by way of their engine. */
export function composeActions(options: ComposeActionsOptions): StackActions {
  const { project, started, runFolder, configurationFolder, usualNginx, addressOf, stateOf } = options;
  const inTurn = oneByOne();
  const environments = new Map<ReplicaName, Readonly<Record<string, string>>>();
  const ask = (...args: readonly string[]): Promise<string> =>
    compose(project, args, { signal: AbortSignal.timeout(patienceMs) });
  const inside = (name: ContainerName, ...command: readonly string[]): Promise<string> =>
    ask('exec', '-T', name, ...command);
  const freeze = (how: 'pause' | 'unpause', name: ContainerName) =>
    ask(how, name).catch((error: unknown) => {
      // It is so already.
      if (!/(already|not) paused/i.test(String(error))) throw error;
    });
  /** What is paused cannot end in order. */
  const thawed = async (name: ContainerName): Promise<void> => {
    if (stateOf(name) === 'paused') await freeze('unpause', name);
  };
  return {
    addressesEnd: true,
    // From within: what is killed by its engine stays down, as if somebody had wished for it.
    kill: async (name) => {
      await thawed(name);
      await inside(name, 'sh', '-c', 'kill -9 -1').catch(() => undefined);
    },
    pause: (name) => inTurn(async () => void (await freeze('pause', name))),
    resume: (name) => inTurn(async () => void (await freeze('unpause', name))),
    stop: (name, how = 'in order') =>
      inTurn(async () => {
        await thawed(name);
        await ask('stop', ...(how === 'at once' ? ['--timeout', '0'] : []), name);
      }),
    start: (name) => inTurn(async () => void (await ask('start', name))),
    restart: (name) =>
      inTurn(async () => {
        await thawed(name);
        await ask('restart', name);
      }),
    reconfigure: (name, environment) =>
      inTurn(async () => {
        await thawed(name);
        environments.set(name, environment);
        const over = join(runFolder, 'environments.yml');
        await writeFile(over, overrides(environments));
        const how = ['--detach', '--no-deps', '--no-build', '--pull', 'never', '--force-recreate'];
        const { file, env } = started;
        const signal = AbortSignal.timeout(patienceMs);
        await compose(project, ['up', ...how, name], { signal, file: [...file, over], env });
      }),
    configureEdge: (change) =>
      inTurn(async () => {
        const configuration = renderNginx(change(usualNginx));
        await writeFile(join(configurationFolder, 'nginx', 'nginx.conf'), configuration);
        if (stateOf('nginx') === 'stopped') return;
        await inside(
          'nginx',
          'nginx',
          '-p',
          '/tmp/nginx',
          '-e',
          'stderr',
          '-c',
          `${configFolder}/nginx.conf`,
          '-s',
          'reload',
        );
        const health = `http://127.0.0.1:${ports.edgeStatus}/nginx-health`;
        await untilRevision(revisionOf(configuration), async () =>
          revisionOf(await inside('nginx', 'wget', '-q', '-O', '-', health)),
        );
      }),
    wayTo: (name) => {
      const port = assignPorts(replicaIndex(name) + 1, (usual) => usual).replicas[replicaIndex(name)]?.proxy ?? 0;
      return {
        listen: formatAddress(everywhere(port)),
        upstream: formatAddress(at(name, replicaPorts.http)),
        proxy: at('toxiproxy', port),
        logged: addressOf(name),
      };
    },
    askValkey: (name, command) => {
      const port = name === 'valkey' ? ports.valkey : ports.valkeyQueues;
      return inside(name, 'valkey-cli', '-e', '-p', String(port), ...command);
    },
  };
}

/** JSON is YAML. */
function overrides(environments: ReadonlyMap<string, Readonly<Record<string, string>>>): string {
  const services = [...environments].map(([name, environment]) => [name, { environment }]);
  return JSON.stringify({ services: Object.fromEntries(services) });
}
