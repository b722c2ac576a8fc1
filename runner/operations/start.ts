import { onlyTarget } from './arguments.ts';
import type { Operation } from './operation.ts';
import { untilServiceReady } from './readiness.ts';
import { stoppable } from './stop.ts';

export const start: Operation = {
  name: 'start',
  does: 'start a service that is down, or let it go on where it hangs',
  argument: '<service>',
  async run(targets, context) {
    const name = onlyTarget('service', targets, stoppable(context.stack));
    await context.infrastructure.holds(name).drop();
    context.report('until it is ready');
    await untilServiceReady(name, context);
    return `Started: ${name}.`;
  },
};
