import type { Target } from '#chaos/engine/target.ts';
import { startLoad } from './load.ts';
import { processorWaitMs } from './processor-wait.ts';
import { burnRateLimits } from './rules.ts';
import type { OpenStack } from './stack.ts';
import { signToken } from './token.ts';

/** The stack as the drill engine sees it. `runDirectory` keeps what the load generator writes. */
export async function drillTarget(stack: OpenStack, runDirectory: string): Promise<Target> {
  const { ports, timeScale } = stack.options;
  const limits = await burnRateLimits(timeScale);
  const edge = `http://127.0.0.1:${ports.edge}`;
  const prometheus = `http://127.0.0.1:${ports.prometheus}`;
  const { replicas } = stack;
  return {
    urls: {
      edge,
      prometheus,
      loki: `http://127.0.0.1:${ports.loki}`,
      jaeger: `http://127.0.0.1:${ports.jaeger}`,
      alertmanager: `http://127.0.0.1:${ports.alertmanager}`,
    },
    replicas,
    control: (service) => {
      const control = ports.replicas[replicas.findIndex(({ name }) => name === service)]?.control;
      if (control === undefined) throw new Error(`${service} has no control port`);
      return { name: service, url: `http://127.0.0.1:${control}`, token: stack.controlToken };
    },
    keeper: stack.console.keeper,
    onOperation: stack.console.onOperation,
    topology: () => stack.status().map(({ name, state, restarts }) => ({ name, state, restarts })),
    processorWaitMs,
    renewMonitoring: stack.renewMonitoring,
    strangersOnWays: stack.strangersOnWays,
    startLoad: async (order) =>
      startLoad(order, {
        token: await tokenOfUser(stack.tokenSecret),
        k6: stack.tools.k6,
        targetUrl: edge,
        prometheusUrl: prometheus,
        directory: runDirectory,
        onProcess: stack.addGuest,
      }),
    onNotification: stack.notifications.listen,
    limitsOf: (alert) => limits.get(alert),
  };
}

/** Valid for longer than any load lasts. */
function tokenOfUser(secret: string): Promise<string> {
  const issuedAtMs = Date.now();
  const expiresAtMs = issuedAtMs + 24 * 3_600_000;
  return signToken({ secret, role: 'editor', subject: 'the editor', issuedAtMs, expiresAtMs });
}
