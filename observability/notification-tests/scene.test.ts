import { describe, expect, it } from 'vitest';
import { differences, type Scene, type SeenScene } from './scene.ts';

const labels = { alertname: 'Some', team: 'backend' };
const scene: Scene = {
  name: 'some',
  alerts: [{ labels, receivers: ['pager'], isInhibited: false }],
  groups: [
    ['log', 2],
    ['pager', 1],
  ],
};
const asSaid: SeenScene = {
  alerts: [
    {
      labels: { team: 'backend', alertname: 'Some' },
      receivers: ['pager'],
      isInhibited: false,
    },
  ],
  groups: [
    ['pager', 1],
    ['log', 2],
  ],
};

describe('a scene', () => {
  it('is as it says, in whatever order labels and groups come', () => {
    expect(differences(scene, asSaid)).toEqual([]);
  });

  it.each<[string, Partial<SeenScene['alerts'][number]>, string]>([
    ['somebody else is told', { receivers: ['log'] }, 'is told to log; expected pager'],
    ['another one is told, too', { receivers: ['pager', 'log'] }, 'is told to pager and log; expected pager'],
    ['it is kept quiet', { isInhibited: true }, 'is kept quiet'],
    ['it is another alert', { labels: { alertname: 'Some' } }, 'is not there'],
  ])('is not when %s', (_, change, sentence) => {
    const [alert] = asSaid.alerts as [SeenScene['alerts'][number]];
    expect(differences(scene, { ...asSaid, alerts: [{ ...alert, ...change }] })).toEqual([
      `{alertname="Some",team="backend"} ${sentence}`,
    ]);
  });

  it('is not when other alerts are told together', () => {
    expect(differences(scene, { ...asSaid, groups: [['pager', 1]] })).toEqual([
      'told together: 1 to pager; expected 1 to pager, 2 to log',
    ]);
  });

  it('looks only at what it says something of', () => {
    const silent: Scene = { name: 'some', alerts: [{ labels }] };
    const [alert] = asSaid.alerts as [SeenScene['alerts'][number]];
    const other = { alerts: [{ ...alert, receivers: [], isInhibited: true }], groups: [] };
    expect(differences(silent, other)).toEqual([]);
  });
});
