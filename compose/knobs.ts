import { namePrefix } from '#catalog/containers.ts';
import { errorRate } from '#catalog/services.ts';
import { timeouts } from '#catalog/timeouts.ts';
import { defaultTraceShare } from '#catalog/tracing.ts';
import { profileNames } from '#load-tests/profiles.ts';
import { scenarioNames } from '#load-tests/scenario-list.ts';
import { forgetGroupsSeconds } from '#observability/alertmanager/waits.ts';

/** What whoever starts the stack may set, in the environment or in `.env`: its default, and what it is for. */
interface Knob {
  readonly name: string;
  readonly standard: string | number;
  readonly about: string;
}

interface Section {
  readonly title: string;
  readonly knobs: readonly Knob[];
}

/** In the order of `.env.example`. */
export const sections = [
  {
    title: 'What the stack is',
    knobs: [
      {
        name: 'FIREDRILL_CONFIGURATION',
        standard: './compose/generated',
        about: 'Folder of the configuration that is mounted: rules, scrape intervals, waits, sampling',
      },
      {
        name: 'FIREDRILL_DASHBOARDS',
        standard: './dashboards/generated',
        about: 'Folder of the dashboards that Grafana shows',
      },
      {
        name: 'BACKEND_1_ERROR_RATE',
        standard: errorRate('flaky', 'backend-1'),
        about: 'Share of requests that fail by themselves, 0 to 1',
      },
      {
        name: 'BACKEND_2_ERROR_RATE',
        standard: errorRate('flaky', 'backend-2'),
        about: 'The same of the second replica, flakier on purpose',
      },
      { name: 'ERROR_SEED', standard: 'firedrill', about: 'Decides which requests those are' },
      {
        name: 'TRACE_SHARE',
        standard: defaultTraceShare,
        about: 'Share of the traces that is kept beside all slow and failed ones',
      },
      {
        name: 'TIME_SCALE',
        standard: 1,
        about: 'Divides the waits of the pager; the configuration must be of the same time scale',
      },
      {
        name: 'EDGE_HEALTH_PERIOD_SECONDS',
        standard: timeouts.edgeHealthPeriodSeconds,
        about: 'Between two health checks of a replica by the edge; / TIME_SCALE',
      },
      {
        name: 'FORGET_GROUPS',
        standard: `${forgetGroupsSeconds}s`,
        about: 'Until Alertmanager forgets a group that is empty; / TIME_SCALE',
      },
      { name: 'LOG_LEVEL', standard: 'info', about: 'Of the backends: fatal, error, warn, info, debug, trace' },
      {
        name: 'ANONYMOUS_ROLE',
        standard: 'viewer',
        about: 'Of who comes without a token: viewer, editor, admin, none',
      },
    ],
  },
  {
    title: 'Breaking it on purpose',
    knobs: [
      {
        name: 'CHAOS_ENABLED',
        standard: 'off',
        about: 'on: GET /api/backend/error/:type fails on request, and the control ports (4101, 4102) are open',
      },
    ],
  },
  {
    title: 'Secrets. The defaults are public: good for a laptop, where only you reach the stack, and for nothing else',
    knobs: [
      {
        name: 'DB_PASSWORD',
        standard: 'laptop-database',
        about: 'Of PostgreSQL; kept in its volume from the first start on',
      },
      {
        name: 'JWT_SECRET',
        standard: 'laptop-secret-of-32-characters-or-more',
        about: 'Signs the tokens of users; 32 characters or more',
      },
      {
        name: 'CONTROL_TOKEN',
        standard: 'laptop-control-token',
        about: 'Opens the control ports; 16 characters or more',
      },
    ],
  },
  {
    title: 'Where it is reached',
    knobs: [
      { name: 'BIND_ADDRESS', standard: '127.0.0.1', about: 'Address of the ports below; 0.0.0.0 lets others in' },
      { name: 'EDGE_PORT', standard: 8080, about: 'Users enter here' },
      { name: 'BACKEND_1_PORT', standard: 4001, about: 'First replica' },
      { name: 'BACKEND_2_PORT', standard: 4002, about: 'Second replica' },
      { name: 'GRAFANA_PORT', standard: 3000, about: 'Dashboards, logs, traces, alerts' },
      { name: 'PROMETHEUS_PORT', standard: 9090, about: 'Metrics and rules' },
      { name: 'ALERTMANAGER_PORT', standard: 9093, about: 'Alerts and silences' },
      { name: 'JAEGER_PORT', standard: 16686, about: 'Traces' },
      { name: 'LOKI_PORT', standard: 3100, about: 'Logs' },
      { name: 'NGINX_EXPORTER_PORT', standard: 9113, about: 'What the edge counts' },
      { name: 'PAGER_PORT', standard: 9099, about: 'Who was told what' },
      {
        name: 'TOXIPROXY_PORT',
        standard: 8474,
        about: 'Breaks the network to the stores; on 127.0.0.1 whatever BIND_ADDRESS is',
      },
      {
        name: 'CONTROL_1_PORT',
        standard: 4101,
        about: 'Chaos control of the first replica; on 127.0.0.1 whatever BIND_ADDRESS is',
      },
      { name: 'CONTROL_2_PORT', standard: 4102, about: 'Chaos control of the second replica; likewise' },
      {
        name: 'NAME_PREFIX',
        standard: namePrefix,
        about:
          'Begins the names of containers and network, so that several stacks run on one engine (each with a -p of its own)',
      },
      {
        name: 'NETWORK_PREFIX',
        standard: '172.30.77',
        about: 'First three numbers of the addresses in mock-network; another one where these are taken',
      },
    ],
  },
  {
    title: 'Load: docker compose run --rm k6',
    knobs: [
      { name: 'LOAD_SCENARIO', standard: 'browse', about: `What users do: ${scenarioNames.join(', ')}` },
      { name: 'LOAD_PROFILE', standard: 'load', about: `How the load comes: ${profileNames.join(', ')}` },
      { name: 'LOAD_RATE', standard: '', about: "Requests a second at the peak; the profile's when empty" },
      { name: 'LOAD_SECONDS', standard: '', about: "For how long; the profile's when empty" },
      { name: 'LOAD_SEED', standard: 'firedrill', about: 'Decides what is asked, in which order' },
    ],
  },
] as const satisfies readonly Section[];

export type KnobName = (typeof sections)[number]['knobs'][number]['name'];

/** What every knob is where nobody sets it. */
export const standards = Object.fromEntries(
  sections.flatMap(({ knobs }) => knobs.map(({ name, standard }) => [name, String(standard)])),
) as Readonly<Record<KnobName, string>>;

/** A value of the compose file that is the knob's, or its default. */
export function knob(name: KnobName): string {
  const found = sections.flatMap(({ knobs }): readonly Knob[] => knobs).find((candidate) => candidate.name === name);
  return `\${${name}:-${found?.standard}}`;
}

/** `.env.example`: every knob with its default, ready to be copied. */
export function renderEnvExample(): string {
  const parts = sections.map(({ title, knobs }) =>
    [`# ${title}`, ...knobs.flatMap(({ name, standard, about }) => [`# ${about}`, `${name}=${standard}`])].join('\n'),
  );
  return `${header}\n\n${parts.join('\n\n')}\n`;
}

const header = `# Generated by compose/knobs.ts; edit that and run: npm run generate
# Every setting of docker-compose.yml with its default. Copy to .env what you want to change: cp .env.example .env

# Only the core (edge, backends, stores): take both lines in, and add "observability" to the second for the rest
# COMPOSE_FILE=docker-compose.yml:compose/core.yaml
# COMPOSE_PROFILES=`;
