'use strict';

// Makes the load of one run, in a process of its own so that it can be bound to a core of its own. Its one argument is a
// `LoadSpec` as JSON; it prints a `LoadResult` as JSON (see ../load.ts).

const { once } = require('node:events');
const fs = require('node:fs');
const autocannon = require('autocannon');

const spec = JSON.parse(process.argv[2]);

async function main() {
  if (spec.warmUpSeconds > 0) await shoot(spec.warmUpSeconds, {});
  const before = { own: process.cpuUsage(), watched: spec.watchedPids.map(cpuSeconds) };
  const responseMs = [];
  const run = await shoot(spec.seconds, {
    onResponse: (ms) => {
      if (spec.keepLatencies) responseMs.push(ms);
    },
  });
  const own = process.cpuUsage(before.own);
  const watched = spec.watchedPids.map((pid, index) => cpuSeconds(pid) - before.watched[index]);
  process.stdout.write(
    JSON.stringify({
      seconds: run.duration,
      ok: run['2xx'],
      failed: run.non2xx + run.errors + run.timeouts,
      generatorCpuSeconds: (own.user + own.system) / 1e6,
      watchedCpuSeconds: watched,
      responseMs: responseMs.sort((a, b) => a - b),
    }),
  );
}

async function shoot(seconds, { onResponse }) {
  const instance = autocannon({
    url: spec.url,
    connections: spec.connections,
    duration: seconds,
    ...(spec.requestsPerSecond === undefined ? {} : { overallRate: spec.requestsPerSecond }),
    setupClient: perClient(),
  });
  if (onResponse) instance.on('response', (_client, _status, _bytes, ms) => onResponse(ms));
  const [result] = await once(instance, 'done');
  return result;
}

/** Each connection is a user of its own: behind the edge each has an address of its own, from those meant for benchmarks (RFC 2544). */
function perClient() {
  let clients = 0;
  return (client) => {
    clients += 1;
    client.setHeaders({ ...spec.headers, 'x-forwarded-for': `198.18.0.${clients}` });
  };
}

/** User and system time of a process so far; Linux counts in hundredths of a second. */
function cpuSeconds(pid) {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
