/** Says how far a run is and how long it will still take, from how fast it was so far. */
export function remaining(
  all: number,
  now: () => number = () => performance.now(),
): (count: number, killed: number) => string {
  const start = now();
  return (count, killed) => {
    const seconds = ((now() - start) / 1000 / Math.max(count, 1)) * (all - count);
    return `${count} of ${all}, ${killed} killed, about ${spoken(seconds)} left`;
  };
}

function spoken(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
