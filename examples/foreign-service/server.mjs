// A shop that knows nothing of Firedrill: node:http, metrics written by hand, any Node.
import { createServer } from 'node:http';

const { PORT = '3000', ERROR_RATIO = '0', DELAY_MS = '5' } = process.env;
const edges = [0.05, 0.1, 0.25, 0.5, 1];
const requests = new Map();
const durations = new Map();
let asked = 0;

createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://shop');
  if (pathname === '/metrics') return void response.setHeader('Content-Type', 'text/plain').end(metrics());
  const begin = performance.now();
  setTimeout(() => {
    const code = pathname === '/items' || pathname === '/cart' ? answer() : 404;
    response.writeHead(code, { 'Content-Type': 'application/json' }).end(code === 200 ? '{"items":[]}' : '{}');
    count(pathname, code, (performance.now() - begin) / 1000);
  }, Number(DELAY_MS));
}).listen(Number(PORT), '127.0.0.1', function () {
  process.stdout.write(`http://127.0.0.1:${this.address().port}\n`);
});

function answer() {
  asked += 1;
  return Math.floor(asked * Number(ERROR_RATIO)) > Math.floor((asked - 1) * Number(ERROR_RATIO)) ? 500 : 200;
}

function count(path, code, seconds) {
  const labels = `path="${path}",code="${code}"`;
  requests.set(labels, (requests.get(labels) ?? 0) + 1);
  const buckets = durations.get(path) ?? edges.map(() => 0);
  durations.set(path, buckets);
  edges.forEach((edge, index) => {
    if (seconds <= edge) buckets[index] += 1;
  });
}

function metrics() {
  const total = (path) =>
    [...requests].reduce((sum, [labels, n]) => (labels.startsWith(`path="${path}"`) ? sum + n : sum), 0);
  return [
    '# TYPE shop_requests_total counter',
    ...[...requests].map(([labels, n]) => `shop_requests_total{${labels}} ${n}`),
    '# TYPE shop_request_duration_seconds histogram',
    ...[...durations].flatMap(([path, buckets]) => [
      ...buckets.map((n, index) => `shop_request_duration_seconds_bucket{path="${path}",le="${edges[index]}"} ${n}`),
      `shop_request_duration_seconds_bucket{path="${path}",le="+Inf"} ${total(path)}`,
      `shop_request_duration_seconds_count{path="${path}"} ${total(path)}`,
    ]),
    '',
  ].join('\n');
}
