import type { Ajv2020 as Validator } from 'ajv/dist/2020.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { DescribedAnswer, OpenApiDocument, Operation } from '../platform/openapi/document.ts';

/** Compares real answers with the description of the interface. */
export interface Contract {
  /**
   * What is wrong with the answer to `method` and `path`, one sentence each; its body can still be read afterwards. Where
   * nothing is described there may only be an error in the common format.
   */
  problems(method: string, path: string, response: Response): Promise<readonly string[]>;
}

export function createContract(document: OpenApiDocument): Contract {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'api');
  return {
    async problems(method, path, response) {
      const [template, operation] = find(document, method, path.split('?')[0] ?? '');
      const body = await response.clone().text();
      if (operation === undefined) return undescribed(ajv, response, body);
      const { status } = response;
      const answer = operation.responses[status];
      if (answer === undefined) return [`${method} ${template} is not described to answer ${status}: ${body}`];
      return [
        ...headerProblems(answer, response),
        ...bodyProblems(
          ajv,
          answer,
          ['paths', template, method.toLowerCase(), 'responses', String(status)],
          response,
          body,
        ),
      ];
    },
  };
}

/** The operation of the most literal template that fits. */
function find(document: OpenApiDocument, method: string, path: string): [string, Operation | undefined] {
  const fits = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
  const [template = ''] = Object.keys(document.paths)
    .filter(fits)
    .sort((one, other) => one.split('{').length - other.split('{').length);
  return [template, document.paths[template]?.[method.toLowerCase()]];
}

function undescribed(ajv: Validator, { status }: Response, body: string): readonly string[] {
  if (status !== 404 && status !== 405) return [`What is not described answers ${status}.`];
  return schemaProblems(ajv, ['components', 'schemas', 'Error'], body);
}

function headerProblems(answer: DescribedAnswer, { headers }: Response): readonly string[] {
  return Object.entries(answer.headers)
    .filter(([name, { required }]) => required && !headers.has(name))
    .map(([name]) => `The header ${name} is missing.`);
}

function bodyProblems(
  ajv: Validator,
  answer: DescribedAnswer,
  place: readonly string[],
  { headers }: Response,
  body: string,
): readonly string[] {
  const type = headers.get('content-type')?.split(';')[0];
  if (answer.content === undefined) return body === '' ? [] : [`There is a body of ${type} where none is described.`];
  const content = type === undefined ? undefined : answer.content[type];
  if (type === undefined || content === undefined) return [`The body is of ${type}, which is not described.`];
  return content.schema === undefined ? [] : schemaProblems(ajv, [...place, 'content', type, 'schema'], body);
}

function schemaProblems(ajv: Validator, place: readonly string[], body: string): readonly string[] {
  const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  const validate = ajv.getSchema(`api#/${pointer}`);
  if (validate === undefined) return [`There is no schema at #/${pointer}.`];
  if (validate(JSON.parse(body))) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath || 'The body'} ${error.message}.`);
}
