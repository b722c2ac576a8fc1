import { describe, expect, it } from 'vitest';
import type { AlertmanagerConfig } from '#observability/alertmanager/config.ts';
import { notificationMutants } from './mutants.ts';

const config: AlertmanagerConfig = {
  global: { resolve_timeout: '5m' },
  route: {
    receiver: 'all',
    group_by: ['alertname', 'job'],
    group_wait: '30s',
    routes: [
      {
        matchers: ['severity=~"page|critical"'],
        receiver: 'pager',
        routes: [{ matchers: ['team="own"'], receiver: 'own' }],
      },
      { matchers: ['severity="info"'], receiver: 'all', group_wait: '10s' },
    ],
  },
  inhibit_rules: [
    {
      name: 'one',
      source_matchers: ['alertname="A"'],
      target_matchers: ['alertname="B"', 'job!=""'],
      equal: ['job', 'team'],
    },
    { name: 'other', source_matchers: ['alertname="C"'], target_matchers: ['alertname="D"'], equal: [] },
  ],
  receivers: ['all', 'pager', 'own'].map((name) => ({
    name,
    webhook_configs: [{ url: 'http://127.0.0.1/', send_resolved: true, max_alerts: 0 }],
  })),
};
const mutants = notificationMutants(config);

function made(subject: string, operator: string): readonly AlertmanagerConfig[] {
  return mutants
    .filter((each) => each.subject === subject && each.operator === operator)
    .map(({ make }) => make(config));
}

describe('mutants of a route', () => {
  const pager = (change: object) => ({ ...config.route.routes?.[0], ...change });

  it('have a matcher dropped, negated, or without one of its alternatives', () => {
    expect(made('route page|critical', 'matcher').map(({ route }) => route.routes?.[0])).toEqual(
      [[], ['severity!~"page|critical"'], ['severity=~"critical"'], ['severity=~"page"']].map((matchers) =>
        pager({ matchers }),
      ),
    );
  });

  it('tell each other receiver', () => {
    const changed = made('route page|critical, own', 'receiver').map(
      ({ route }) => route.routes?.[0]?.routes?.[0]?.receiver,
    );
    expect(changed).toEqual(['all', 'pager']);
  });

  it('go on to the next route, except the first of all', () => {
    expect(made('route page|critical', 'continue').map(({ route }) => route.routes?.[0])).toEqual([
      pager({ continue: true }),
    ]);
    expect(made('route of all', 'continue')).toEqual([]);
  });

  it('group by less, by nothing of their own, and by everything', () => {
    expect(made('route of all', 'grouping').map(({ route }) => route.group_by)).toEqual([
      undefined,
      ['job'],
      ['alertname'],
      ['...'],
    ]);
  });

  it('wait half and twice as long, at whatever time scale, and as long as the route above', () => {
    const waits = (all: readonly AlertmanagerConfig[]) => all.map(({ route }) => route.routes?.[1]?.group_wait);
    expect(waits(made('route info', 'wait'))).toEqual(['5s', '20s', undefined]);
    const [first] = mutants.filter(({ subject, operator }) => subject === 'route of all' && operator === 'wait');
    const scaled = { ...config, route: { ...config.route, group_wait: '500ms' } };
    expect(first?.make(scaled).route.group_wait).toBe('250ms');
  });

  it('stand behind the next one, and are gone', () => {
    const [behind] = made('route of all', 'order');
    expect(behind?.route.routes?.map(({ receiver }) => receiver)).toEqual(['all', 'pager']);
    const [gone] = made('route page|critical', 'removal');
    expect(gone?.route.routes?.map(({ receiver }) => receiver)).toEqual(['all']);
    const [within] = made('route page|critical, own', 'removal');
    expect(within?.route.routes?.[0]?.routes).toEqual([]);
  });
});

describe('mutants of an inhibition', () => {
  const [rule, other] = config.inhibit_rules;

  it.each([
    ['source', 'source_matchers', [[], ['alertname!="A"'], ['alertname="A-other"']]],
    [
      'target',
      'target_matchers',
      [
        ['job!=""'],
        ['alertname!="B"', 'job!=""'],
        ['alertname="B-other"', 'job!=""'],
        ['alertname="B"'],
        ['alertname="B"', 'job=""'],
      ],
    ],
    ['equal', 'equal', [['team'], ['job']]],
  ])('have another %s', (operator, field, changes) => {
    expect(made('inhibition one', operator).map(({ inhibit_rules }) => inhibit_rules)).toEqual(
      changes.map((change) => [{ ...rule, [field]: change }, other]),
    );
  });

  it('have their sides in each other’s place, and are gone', () => {
    const sides = { source_matchers: rule?.target_matchers, target_matchers: rule?.source_matchers };
    expect(made('inhibition one', 'sides').map(({ inhibit_rules }) => inhibit_rules)).toEqual([
      [{ ...rule, ...sides }, other],
    ]);
    expect(made('inhibition one', 'removal').map(({ inhibit_rules }) => inhibit_rules)).toEqual([[other]]);
  });
});

describe('mutants of a receiver', () => {
  it('tell nobody, not of the end, or of one alert only', () => {
    expect(made('receiver pager', 'delivery').map(({ receivers }) => receivers[1]?.webhook_configs)).toEqual([
      [],
      [{ url: 'http://127.0.0.1/', send_resolved: false, max_alerts: 0 }],
      [{ url: 'http://127.0.0.1/', send_resolved: true, max_alerts: 1 }],
    ]);
  });
});

describe('ids', () => {
  it('are each there once, and say what is changed', () => {
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
    expect(mutants[0]?.id).toMatch(/^alertmanager\/route-of-all\/receiver\/[0-9a-f]{8}$/);
  });

  it('stay while their route stays, whatever is changed within it', () => {
    const [child] = config.route.routes ?? [];
    const other = { ...config, route: { ...config.route, routes: child ? [child] : [] } };
    const ofRoot = (all: typeof mutants) =>
      all.filter(({ subject, operator }) => subject === 'route of all' && operator !== 'order').map(({ id }) => id);
    expect(ofRoot(notificationMutants(other))).toEqual(ofRoot(mutants));
  });
});
