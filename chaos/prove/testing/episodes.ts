import type { AlertOutcome, Episode } from '../episode.ts';

/** An alert that had to fire, and did in time. */
export const detected: AlertOutcome = {
  alert: 'Page',
  expectation: 'must',
  fired: true,
  wakes: true,
  early: false,
  secondsToTell: 2,
  bound: { earliest: 1, closedForm: 1.5, latest: 4 },
};

export const missed: AlertOutcome = {
  alert: 'Page',
  expectation: 'must',
  fired: false,
  wakes: false,
  early: false,
  bound: { earliest: 1, closedForm: 1.5, latest: 4 },
};

export function told(secondsToTell: number): AlertOutcome {
  return { ...detected, secondsToTell };
}

export function may(fired: boolean): AlertOutcome {
  return { alert: 'Ticket', expectation: 'may', fired, wakes: false, early: false };
}

export function falseAlarm(wakes = true): AlertOutcome {
  return { alert: 'Other', expectation: 'must-not', fired: true, wakes, early: false };
}

/** One that held, but for what is said. */
export function episode(alerts: readonly AlertOutcome[], change: Partial<Episode> = {}): Episode {
  return {
    drill: 'sick',
    repetition: 1,
    seed: 's',
    title: 'Sick',
    timeScale: 60,
    control: false,
    outcome: 'held',
    findings: [{ claim: 'it holds', held: true, observed: 'yes' }],
    played: true,
    alerts,
    durationSeconds: 60,
    ...change,
  };
}

export function control(alerts: readonly AlertOutcome[] = []): Episode {
  return episode(alerts, { drill: 'nothing', title: 'Nothing', control: true });
}

export const broken: Episode = episode([], {
  drill: 'broken',
  outcome: 'broken',
  problem: 'k6 <died>\nwith "words"',
  played: false,
  findings: [],
});
