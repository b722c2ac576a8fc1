import { writeSync } from 'node:fs';
import { createQueues, type Order } from '../../adapters/queues/queues.ts';
import { systemClock as clock } from '../../platform/clock.ts';
import { captureTelemetry } from '../telemetry.ts';

/**
 * Enqueues the orders of its input (JSON), eight at a time, each until it is answered; to be killed at any moment. Prints
 * the id of each answer and ends. Argument: port of the queues.
 */
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const orders = JSON.parse(Buffer.concat(chunks).toString()) as Order[];
const queues = createQueues({ host: '127.0.0.1', port: Number(process.argv[2]), clock, ...captureTelemetry() });
await Promise.all(Array.from({ length: 8 }, enqueueAll));
await queues.close();

async function enqueueAll(): Promise<void> {
  for (let order = orders.shift(); order !== undefined; order = orders.shift()) {
    const { id } = await persistently(order);
    writeSync(1, `${id}\n`);
  }
}

async function persistently(order: Order): Promise<{ readonly id: string }> {
  for (;;) {
    try {
      return await queues.enqueue(order);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
      // A health check opens the way again where a breaker is open.
      await queues.ping().catch(() => undefined);
    }
  }
}
