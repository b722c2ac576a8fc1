import fc, { type Arbitrary } from 'fast-check';
import type { OpenApiDocument, Operation, Parameter } from '../platform/openapi/document.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

/** One request, ready to be sent. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** A role, or a token that is none, or nobody. */
  readonly role: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Requests to every operation of the document: mostly as it says, partly against it. */
export function anyRequest(document: OpenApiDocument): Arbitrary<ApiRequest> {
  const operations = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => requestTo(method.toUpperCase(), template, operation)),
  );
  return fc.oneof(...operations);
}

function requestTo(method: string, template: string, operation: Operation): Arbitrary<ApiRequest> {
  const parameters = operation.parameters ?? [];
  const within = (place: Parameter['in']) => parameters.filter((parameter) => parameter.in === place);
  const values = (place: Parameter['in'], optional: boolean) =>
    fc.record<Record<string, string>>(
      Object.fromEntries(within(place).map(({ name, schema }) => [name, textOf(schema as Schema)])),
      optional ? { requiredKeys: [] } : {},
    );
  const schema = operation.requestBody?.content['application/json'].schema as Schema | undefined;
  return fc
    .record({
      params: values('path', false),
      query: values('query', true),
      // Some keys come again.
      headers: fc.oneof(fc.record({ 'idempotency-key': fc.constantFrom('one', 'two') }), values('header', true)),
      stranger: fc.option(fc.tuple(fc.string({ minLength: 1 }), fc.string()), { freq: 9, nil: undefined }),
      role: fc.oneof(
        { weight: 6, arbitrary: fc.constant('admin') },
        { weight: 3, arbitrary: fc.constantFrom('viewer', 'editor', undefined) },
        { weight: 1, arbitrary: fc.constantFrom('nonsense', 'a.b.c', '') },
      ),
      content: schema === undefined ? fc.constant(undefined) : bodyOf(schema),
    })
    .map(({ params, query, headers, stranger, role, content }) => {
      const filled = template.replace(/\{(\w+)\}/g, (_match, name: string) =>
        encodeURIComponent((params[name] ?? '').toWellFormed()),
      );
      const search = new URLSearchParams({
        ...query,
        ...(stranger === undefined ? {} : { [stranger[0]]: stranger[1] }),
      });
      return {
        method,
        path: search.size === 0 ? filled : `${filled}?${search}`,
        role,
        headers: { ...headers, ...(content === undefined ? {} : { 'content-type': content.type }) },
        body: content?.text,
      };
    });
}

interface Content {
  readonly type: string;
  readonly text: string;
}

function bodyOf(schema: Schema): Arbitrary<Content> {
  const json = (text: Arbitrary<string>) => text.map((each) => ({ type: 'application/json', text: each }));
  const asTold = json(anyOf(schema).map((value) => JSON.stringify(value)));
  return fc.oneof(
    { weight: 12, arbitrary: asTold },
    { weight: 3, arbitrary: json(fc.json()) },
    { weight: 2, arbitrary: json(fc.string()) },
    {
      weight: 1,
      arbitrary: json(fc.integer({ min: 1, max: 40_000 }).map((deep) => '['.repeat(deep) + ']'.repeat(deep))),
    },
    { weight: 1, arbitrary: json(fc.constant(`{"name":"${'x'.repeat(150_000)}","value":1}`)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('text/plain', 'application/xml', 'x'), asTold)
        .map(([type, { text }]) => ({ type, text })),
    },
  );
}

/** Text that is none to a database. */
const nastyText = fc.constantFrom('\u0000', 'a\u0000b', '\ud83d', '\udc00x');

const anyJson: Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: fc.jsonValue({ stringUnit: 'binary' }) },
  { weight: 1, arbitrary: nastyText },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }).map(nested) },
);

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

/** A value as the schema says, four times of five. */
function anyOf(schema: Schema): Arbitrary<unknown> {
  return fc.oneof({ weight: 4, arbitrary: validOf(schema) }, { weight: 1, arbitrary: anyJson });
}

function validOf(schema: Schema): Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.properties !== undefined) {
    const properties = Object.entries(schema.properties).map(([name, each]) => [name, anyOf(each)] as const);
    return fc.record(Object.fromEntries(properties), { requiredKeys: [...(schema.required ?? [])] });
  }
  const { minimum: min = -1e6, maximum: max = 1e6 } = schema;
  switch (schema.type) {
    case 'string':
      return stringOf(schema);
    case 'integer':
      return fc.oneof(fc.integer({ min: Math.max(min, 0), max: Math.min(max, 200) }), fc.integer({ min, max }));
    case 'number':
      return fc.oneof(
        { weight: 4, arbitrary: fc.double({ min, max, noNaN: true }) },
        { weight: 1, arbitrary: fc.constantFrom(1.7e308, -1.7e308, 5e-324, 0, -0) },
      );
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(anyOf(schema.items ?? {}), { maxLength: 5 });
    case 'object':
      return fc.dictionary(fc.oneof(fc.string(), nastyText), anyJson, { maxKeys: 5 });
    default:
      return anyJson;
  }
}

function stringOf({ format, pattern, minLength = 0, maxLength = 50 }: Schema): Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (pattern !== undefined)
    return fc.oneof(fc.stringMatching(new RegExp(pattern)), fc.integer({ min: 0, max: 100 }).map(String));
  const text = fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 300)), unit: 'binary' });
  return fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: nastyText });
}

function textOf(schema: Schema): Arbitrary<string> {
  const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });
  return fc.oneof(
    { weight: 6, arbitrary: validOf(schema).map(String) },
    { weight: 1, arbitrary: printable },
    { weight: 1, arbitrary: fc.integer().map(String) },
  );
}
