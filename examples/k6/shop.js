// A k6 script as anybody has one: `k6 run shop.js`, or `firedrill run shop.js`.
import { check, sleep } from 'k6';
import http from 'k6/http';

const { BASE_URL = 'http://127.0.0.1:3000' } = __ENV;

export const options = {
  vus: 5,
  duration: '30s',
  thresholds: {
    http_req_failed: [{ threshold: 'rate<0.02', abortOnFail: true, delayAbortEval: '2s' }],
    http_req_duration: ['p(95)<250', 'avg<200'],
    'http_req_duration{name:cart}': ['p(90)<250'],
    checks: ['rate>0.98'],
    http_reqs: ['count>100'],
  },
};

export default function () {
  for (const name of ['items', 'cart']) {
    const answer = http.get(`${BASE_URL}/${name}`, { tags: { name } });
    check(answer, { 'is what was asked for': ({ body }) => body.includes('items') });
  }
  sleep(0.02);
}
