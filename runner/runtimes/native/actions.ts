import { Redis } from 'ioredis';
import { formatAddress } from '#catalog/address.ts';
import type { ContainerName } from '#catalog/containers.ts';
import { replicaIndex } from '#catalog/services.ts';
import { RunnerError } from '../../errors.ts';
import { oneByOne } from '../../one-by-one.ts';
import type { StackActions } from '../stack-actions.ts';
import { untilRevision } from '../until-revision.ts';
import { loopback } from './loopback.ts';
import { nginxRevision, usualNginx, writeNginx } from './nginx.ts';
import type { NativeContext } from './service.ts';
import type { Supervised } from './supervise.ts';

/** What can be done to processes that are our own children. */
export function nativeActions(running: ReadonlyMap<string, Supervised>, context: NativeContext): StackActions {
  const edgeInTurn = oneByOne();
  const service = (name: ContainerName): Supervised => {
    const found = running.get(name);
    if (found === undefined) throw new RunnerError('SERVICE_FAILED', `${name} was never started.`);
    return found;
  };
  return {
    addressesEnd: false,
    kill: (name) => service(name).kill(),
    pause: async (name) => service(name).pause(),
    resume: async (name) => service(name).resume(),
    stop: (name, how = 'in order') => service(name).stop(how),
    start: (name) => service(name).start(),
    restart: (name) => service(name).restart(),
    reconfigure: (name, environment) => service(name).restart(environment),
    configureEdge: (change) =>
      edgeInTurn(async () => {
        const nginx = service('nginx');
        const revision = await writeNginx(context, change(usualNginx(context)));
        if (nginx.state() === 'stopped') return;
        nginx.signal('SIGHUP');
        await untilRevision(revision, (signal) => nginxRevision(context, signal));
      }),
    wayTo: (name) => {
      const { http = 0, proxy = 0 } = context.options.ports.replicas[replicaIndex(name)] ?? {};
      const [from, to] = [loopback(proxy), formatAddress(loopback(http))];
      return { listen: formatAddress(from), upstream: to, proxy: from, logged: to };
    },
    askValkey: async (name, [command = '', ...args]) => {
      const { valkey, valkeyQueues } = context.options.ports;
      const port = name === 'valkey' ? valkey : valkeyQueues;
      const client = new Redis({
        host: '127.0.0.1',
        port,
        maxRetriesPerRequest: 0,
        commandTimeout: 3000,
        retryStrategy: null,
      });
      client.on('error', () => undefined);
      try {
        return String(await client.call(command, ...args));
      } catch (cause) {
        throw new RunnerError('SERVICE_FAILED', `${name} does not answer: see "firedrill logs ${name}".`, { cause });
      } finally {
        client.disconnect();
      }
    },
  };
}
