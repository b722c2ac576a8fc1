import { remoteWrite } from '#load-tests/remote-write.ts';
import { ports, trustedProxies } from '../addresses.ts';
import type { Container } from '../container.ts';
import { knob } from '../knobs.ts';

/** Load on request: `docker compose run --rm k6`. Whoever it writes to need not be there. */
export const k6: Container = {
  name: 'k6',
  profiles: ['load'],
  restarts: false,
  command: [
    ...['run', '--quiet', '--no-usage-report', '--no-color'],
    ...remoteWrite.args,
    `/firedrill/load-tests/scenarios/${knob('LOAD_SCENARIO')}.ts`,
  ],
  environment: {
    TARGET_URL: `http://nginx:${ports.edge}`,
    PROFILE: knob('LOAD_PROFILE'),
    RATE_PER_SECOND: knob('LOAD_RATE'),
    DURATION_SECONDS: knob('LOAD_SECONDS'),
    SEED: knob('LOAD_SEED'),
    // Whoever writes is signed in.
    JWT_SECRET: knob('JWT_SECRET'),
    // To whoever reads its log.
    SUMMARY_FILE: 'stdout',
    ...remoteWrite.env(`http://prometheus:${ports.prometheus}`),
  },
  volumes: ['./load-tests:/firedrill/load-tests:ro', './catalog:/firedrill/catalog:ro'],
  tmpfs: ['/tmp:mode=1777'],
  dependsOn: ['nginx'],
  address: trustedProxies.k6,
};
