import type { EdgeChange } from '#chaos/keeper/infrastructure.ts';
import { failurePolicy } from '#nginx/policy.ts';
import type { NginxParams, Upstream } from '#nginx/render.ts';
import type { ReplicaWay, StackActions } from '../runtimes/stack-actions.ts';
import { createWishes, type Wishes } from './wishes.ts';

/** `via`: its requests go through Toxiproxy. */
export type EdgeWish = EdgeChange | { readonly kind: 'via'; readonly replica: string; readonly way: ReplicaWay };

/** How nginx is configured beside the usual: all wishes, one after the other. */
export function edgeWishes({ configureEdge }: Pick<StackActions, 'configureEdge'>): Wishes<EdgeWish> {
  let standing = '[]';
  return createWishes(async (wishes) => {
    const wanted = JSON.stringify(wishes);
    if (wanted === standing) return;
    standing = '';
    await configureEdge((usual) => wishes.reduce(changed, usual));
    standing = wanted;
  });
}

/** nginx' parameters with one more change. */
function changed(params: NginxParams, wish: EdgeWish): NginxParams {
  const { policy = failurePolicy } = params;
  const withUpstream = (replica: string, change: (upstream: Upstream) => Upstream): NginxParams => ({
    ...params,
    upstreams: params.upstreams.map((upstream) => (upstream.name === replica ? change(upstream) : upstream)),
  });
  switch (wish.kind) {
    case 'away':
      return withUpstream(wish.replica, (upstream) => ({ ...upstream, away: true }));
    case 'via': {
      const via = { address: wish.way.proxy, logged: wish.way.logged };
      return withUpstream(wish.replica, (upstream) => ({ ...upstream, via }));
    }
    case 'wrong-port': {
      const moved = withUpstream(wish.replica, ({ name, address }) => ({
        name,
        address: { ...address, port: deadPort },
      }));
      return { ...moved, policy: { ...policy, maxFails: 0, nextUpstream: [] } };
    }
    case 'missing':
      return { ...params, missing: [...(params.missing ?? []), ...wish.paths] };
    case 'read-timeout':
      return { ...params, policy: { ...policy, readTimeoutSeconds: wish.seconds } };
    case 'client-limit':
      return { ...params, clientLimit: { requestsPerSecond: wish.perSecond, burst: wish.burst } };
  }
}

/** Nobody serves there, on any machine: not even by accident does a request reach what is none of ours. */
const deadPort = 1;
