interface Scenario {
  readonly about: string;
  /** Of one iteration, when all goes well. */
  readonly requestsPerIteration: number;
  /** It takes a token that may write. */
  readonly writes?: true;
}

/** What users do; each is a file of its name in `scenarios/`. */
export const scenarios = {
  browse: { about: 'readers who page through the data, half of it past the cache', requestsPerIteration: 1 },
  'hot-pages': { about: 'readers of a few pages that everybody reads', requestsPerIteration: 1 },
  'many-pages': { about: 'readers of fifty pages, all as often: the cache can hold them', requestsPerIteration: 1 },
  spikes: {
    about: 'the readers of browse, three times as many for two seconds of ten',
    requestsPerIteration: 1,
  },
  'read-heavy': { about: 'many pages, single rows, summaries and users, as a site is read', requestsPerIteration: 1 },
  'cache-cold': {
    about: 'pages that hardly anybody has read before: the database has to answer',
    requestsPerIteration: 1,
  },
  'write-heavy': { about: 'a row is added, read, replaced and removed', requestsPerIteration: 4, writes: true },
  journey: {
    about: 'a checkout: sign in, list, read, order, confirm by a message, look at the order, cancel it',
    requestsPerIteration: 7,
    writes: true,
  },
  'queue-burst': {
    about: 'ten messages at once, of every priority, and a look at the queues',
    requestsPerIteration: 11,
    writes: true,
  },
  paths: { about: 'readers of the paths that --path names, of any service', requestsPerIteration: 1 },
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];
