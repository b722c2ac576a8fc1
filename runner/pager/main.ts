import { receiveNotifications } from '../notifications.ts';

/** The pager as a service of its own: what people are told is a line of its log, one JSON object each. */
const { HOST = '127.0.0.1', PORT = '9099', ALERTMANAGER_URL = 'http://127.0.0.1:9093', TIME_SCALE = '1' } = process.env;

const pager = await receiveNotifications({
  host: HOST,
  port: Number(PORT),
  alertmanagerUrl: ALERTMANAGER_URL,
  timeScale: Number(TIME_SCALE),
  file: '/dev/stdout',
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void pager[Symbol.asyncDispose]());
