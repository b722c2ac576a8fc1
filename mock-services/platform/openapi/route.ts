import { z } from 'zod';
import { sendJson } from '../exchange.ts';
import { type Route, route } from '../route.ts';
import { type ApiInfo, openApiDocument } from './describe.ts';

/** The routes and one more, `/openapi.json`, that describes them all. */
export function withDescription(routes: readonly Route[], info: ApiInfo): readonly Route[] {
  let body: string | undefined;
  const described: readonly Route[] = [
    ...routes,
    route({
      method: 'GET',
      path: '/openapi.json',
      summary: 'This description.',
      tag: 'operations',
      operational: true,
      answers: { 200: { description: 'An OpenAPI document.', schema: z.record(z.string(), z.unknown()) } },
      handle(_input, answer) {
        body ??= JSON.stringify(openApiDocument(described, info));
        sendJson(answer, 200, body);
      },
    }),
  ];
  return described;
}
