import { describe, expect, it } from 'vitest';
import { matrixOf } from './matrix.ts';
import { broken, control, detected, episode, falseAlarm, may, missed } from './testing/episodes.ts';

describe('the matrix', () => {
  it.each([
    ['detected', 'Page', [detected]],
    ['missed', 'Page', [missed]],
    ['allowed', 'Ticket', [may(true)]],
    ['allowed-silent', 'Ticket', [may(false)]],
    ['false-alarm', 'Other', [falseAlarm()]],
  ] as const)('has %s for one episode of it', (state, alert, alerts) => {
    const { rows } = matrixOf([episode(alerts)], []);
    expect(rows[0]?.cells.find((cell) => cell.alert === alert)).toMatchObject({ state, episodes: 1 });
  });

  it('calls an alert missed that fired in some episodes only', () => {
    const { rows } = matrixOf([episode([detected]), episode([missed])], []);
    expect(rows[0]?.cells).toMatchObject([{ state: 'missed', fired: 1, episodes: 2 }]);
  });

  it('calls an alert false that fired before anything was broken, also where it has to', () => {
    const { rows } = matrixOf([episode([{ ...missed, early: true }])], []);
    expect(rows[0]?.cells[0]).toMatchObject({ state: 'false-alarm', fired: 1 });
  });

  it('has a row for each drill and a column for each alert that any of them names', () => {
    const matrix = matrixOf([episode([detected, may(true)]), control()], ['Page', 'Ticket', 'Third', 'Fourth']);
    expect(matrix.alerts).toEqual(['Page', 'Ticket']);
    expect(matrix.rows.map(({ drill, control: isControl }) => [drill, isControl])).toEqual([
      ['sick', false],
      ['nothing', true],
    ]);
    expect(matrix.rows[1]?.cells.map(({ state }) => state)).toEqual(['silent', 'silent']);
    expect(matrix.silentAlerts).toBe(2);
  });

  it('says nothing of a drill that was not played', () => {
    const { rows } = matrixOf([episode([detected]), broken], []);
    expect(rows[1]).toMatchObject({ drill: 'broken', episodes: 0, cells: [{ state: 'unknown' }] });
  });
});
