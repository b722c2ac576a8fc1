const spike = { level: 3, seconds: 2 } as const;
const calm = { level: 0.5, seconds: 8 } as const;

/**
 * As many arrivals in ten seconds as at a constant rate, in another order: three times as many in the first two seconds, half as
 * many in the others. They are never behind that rate. What has a course of its own keeps it.
 */
export function inSpikes<Arrivals extends object>(scenarios: Readonly<Record<string, Arrivals>>) {
  return Object.fromEntries(
    Object.entries(scenarios).map(([name, arrivals]) => [name, isConstant(arrivals) ? spiky(arrivals) : arrivals]),
  ) as Record<string, Arrivals>;
}

interface ConstantArrivals {
  readonly executor: 'constant-arrival-rate';
  readonly rate: number;
  readonly duration: string;
}

function isConstant(arrivals: object): arrivals is ConstantArrivals {
  return 'executor' in arrivals && arrivals.executor === 'constant-arrival-rate';
}

function spiky({ rate, duration, ...others }: ConstantArrivals) {
  const periods = Math.ceil(Number.parseInt(duration, 10) / (spike.seconds + calm.seconds));
  // A stage of no length is a jump.
  const stages = [spike, calm].flatMap(({ level, seconds }) => {
    const target = Math.ceil(level * rate);
    return [
      { target, duration: '0s' },
      { target, duration: `${seconds}s` },
    ];
  });
  return {
    ...others,
    executor: 'ramping-arrival-rate',
    startRate: spike.level * rate,
    stages: Array.from({ length: periods }, () => stages).flat(),
  };
}
