'use strict';

// The API as people usually write it: Express 5 with its defaults, a pool, a cache of JSON text that is parsed and serialised
// again. With INSTRUMENTED=true it also has the middleware for metrics and logs that its users would pick; spans come from
// `--require @opentelemetry/auto-instrumentations-node/register`.

const express = require('express');
const { Pool } = require('pg');
const { Redis } = require('ioredis');

const pool = new Pool({ max: 10 });
const cache = new Redis({ host: process.env.REDIS_HOST, port: Number(process.env.REDIS_PORT) });
const app = express();

if (process.env.INSTRUMENTED === 'true') {
  app.use(require('express-prom-bundle')({ includeMethod: true, includePath: true }));
  app.use(require('pino-http')());
}

app.get('/api/backend/trivial', (_request, response) => {
  response.json({ status: 'ok' });
});

app.get('/api/backend/data', async (request, response) => {
  const limit = Number(request.query.limit ?? 100);
  const offset = Number(request.query.offset ?? 0);
  const nocache = request.query.nocache !== undefined;
  const key = `stock:data:${limit}:${offset}`;
  const cached = nocache ? null : await cache.get(key);
  if (cached !== null) {
    response.json(JSON.parse(cached));
    return;
  }
  const { rows } = await pool.query(
    'SELECT id, name, value, metadata, created_at, updated_at FROM data ORDER BY id LIMIT $1 OFFSET $2',
    [limit, offset],
  );
  if (!nocache) await cache.set(key, JSON.stringify(rows), 'EX', 300);
  response.json(rows);
});

app.listen(Number(process.env.PORT), '127.0.0.1');
