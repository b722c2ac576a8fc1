import { proxied } from '#catalog/stores.ts';
import { onlyTarget } from './arguments.ts';
import { replicasOf } from './drain.ts';
import type { Operation } from './operation.ts';

export const reroute: Operation = {
  name: 'reroute',
  does: 'lead what goes to a store or a replica another way, past what slows or cuts it',
  argument: '<service>',
  async run(targets, { stack, infrastructure }) {
    const stores = proxied.map(({ name }) => name);
    const name = onlyTarget('service', targets, [...stores, ...replicasOf(stack)]);
    await infrastructure.reroute(name);
    return `Rerouted: ${name}.`;
  },
};
