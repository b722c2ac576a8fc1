import pg from 'pg';
import { createQueues } from '../../adapters/queues/queues.ts';
import { systemClock as clock } from '../../platform/clock.ts';
import { createWorker } from '../../platform/worker/worker.ts';
import { captureTelemetry } from '../telemetry.ts';

/** Consumes messages as a replica does; to be killed at any moment. Arguments: port of the queues, port of the database. */
const [queuePort, databasePort] = process.argv.slice(2).map(Number);
const pool = new pg.Pool({ host: '127.0.0.1', port: databasePort, database: 'firedrill', user: 'firedrill', max: 10 });
pool.on('error', () => undefined);
const telemetry = captureTelemetry();
const queues = createQueues({
  host: '127.0.0.1',
  port: queuePort ?? 0,
  clock,
  ...telemetry,
  processingTimeoutMs: 2_000,
  retryDelayMs: 100,
});

createWorker({
  queues,
  clock,
  ...telemetry,
  concurrency: 8,
  async consume({ id, type, attempts }) {
    await pool.query('INSERT INTO deliveries (message_id) VALUES ($1)', [id]);
    if (type === 'never' || (type === 'second time' && attempts === 1)) throw new TypeError();
    await haveEffectOnce(id);
  },
}).start();

/** The effect and the note that it was had are one transaction: both are there, or none. */
async function haveEffectOnce(id: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rowCount } = await client.query('INSERT INTO done (message_id) VALUES ($1) ON CONFLICT DO NOTHING', [id]);
    if (rowCount === 1) await client.query('INSERT INTO effects (message_id) VALUES ($1)', [id]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
