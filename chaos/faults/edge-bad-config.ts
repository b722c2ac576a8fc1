import type { ArgsOf } from '#catalog/faults/argument.ts';
import { infrastructureFaults } from '#catalog/faults/infrastructure.ts';
import type { EdgeChange } from '../keeper/infrastructure.ts';
import type { KeptFault } from '../keeper/kept-fault.ts';

const definition = infrastructureFaults['edge-bad-config'];

/** Less than a replica needs for most of its answers. */
const shortSeconds = 0.002;

export const edgeBadConfig: KeptFault<typeof definition> = {
  name: 'edge-bad-config',
  definition,
  async inject(args, { infrastructure, onRevert }) {
    onRevert(await infrastructure.configureEdge(changeFor(args, infrastructure.replicas)));
  },
};

function changeFor({ mistake, routes }: ArgsOf<typeof definition>, replicas: readonly string[]): EdgeChange {
  switch (mistake) {
    case 'wrong-port':
      return { kind: 'wrong-port', replica: replicas.at(-1) ?? '' };
    case 'missing-route':
      return { kind: 'missing', paths: routes.length === 0 ? ['/api/'] : routes.map(beginning) };
    case 'short-timeout':
      return { kind: 'read-timeout', seconds: shortSeconds };
  }
}

/** Of a template, before its first parameter. */
function beginning(route: string): string {
  return route.replace(/:.*$/, '');
}
