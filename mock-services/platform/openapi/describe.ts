import type { z } from 'zod';
import { mayActAs, type Principal } from '../principal.ts';
import type { RouteContract } from '../route.ts';
import { answersOf } from './answers.ts';
import type { OpenApiDocument, Operation, Parameter } from './document.ts';
import { errorSchema } from './errors.ts';
import { schemaOf } from './schema.ts';

export interface ApiInfo {
  readonly title: string;
  readonly version: string;
  /** Whoever comes without a token. */
  readonly anonymous: Principal;
}

/** Describes the routes by the schemas that their input is parsed with. */
export function openApiDocument(routes: readonly RouteContract[], info: ApiInfo): OpenApiDocument {
  const paths = Map.groupBy(routes, ({ path }) => openApiPath(path));
  return {
    openapi: '3.1.1',
    info: { title: info.title, version: info.version },
    servers: [{ url: '/' }],
    paths: Object.fromEntries(
      [...paths].map(([path, contracts]) => [
        path,
        Object.fromEntries(
          contracts.map((contract) => [contract.method.toLowerCase(), operationOf(contract, info.anonymous)]),
        ),
      ]),
    ),
    components: {
      schemas: { Error: errorSchema },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

/** `/data/:id` is `/data/{id}`. */
function openApiPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

function operationOf(contract: RouteContract, anonymous: Principal): Operation {
  const parameters = [
    ...parametersOf('path', contract.params),
    ...parametersOf('query', contract.query),
    ...parametersOf('header', contract.headers),
  ];
  return {
    operationId: operationId(contract),
    summary: contract.summary,
    tags: [contract.tag],
    security: securityOf(contract, anonymous),
    ...(parameters.length > 0 && { parameters }),
    ...(contract.body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(contract.body, 'input') } } },
    }),
    responses: answersOf(contract),
  };
}

/** GET /api/backend/data/:id is `get_api_backend_data_id`. */
function operationId({ method, path }: RouteContract): string {
  return `${method}${path}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
}

/** Credentials that are not needed are checked all the same when they are given. */
function securityOf({ operational, role }: RouteContract, anonymous: Principal): Operation['security'] {
  if (operational) return [];
  if (role === undefined) return [{}, { bearer: [] }];
  return mayActAs(anonymous, role) ? [{}, { bearer: [role] }] : [{ bearer: [role] }];
}

function parametersOf(place: Parameter['in'], schema: z.ZodType | undefined): readonly Parameter[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input');
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(property.enum?.includes('') && { allowEmptyValue: true as const }),
    schema: property,
  }));
}
