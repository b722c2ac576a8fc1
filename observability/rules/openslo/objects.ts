import type { z } from 'zod';
import type { TextFault } from '#documents/fault.ts';
import type { SourceDocument, SourceFile } from '#documents/yaml.ts';
import { readDocuments } from '#documents/yaml.ts';
import { type Kind, type OpenSlo, schemas } from './schema.ts';

/** An object of OpenSLO, and where it stands. */
export interface Found<K extends Kind> {
  readonly file: string;
  readonly source: SourceDocument;
  readonly object: OpenSlo<K>;
}

/** A field of an object. */
export interface Place {
  readonly source: SourceDocument;
  readonly path: readonly PropertyKey[];
}

/** A field of that field. */
export function below({ source, path }: Place, ...steps: readonly PropertyKey[]): Place {
  return { source, path: [...path, ...steps] };
}

/** Characters of what was found; more of it hides what was expected. */
const longestQuote = 120;

/** The objects of all files: each can be referred to from every file. */
export class Objects {
  readonly #faults = new Map<string, TextFault>();
  readonly #found = new Map<string, Found<Kind>>();
  readonly #faulty = new Set<string>();

  constructor(files: readonly SourceFile[]) {
    for (const file of files) {
      for (const read of readDocuments(file, 'an OpenSLO object')) {
        if ('content' in read) this.#add(file.path, read);
        else this.#record(read);
      }
    }
  }

  get faults(): readonly TextFault[] {
    return [...this.#faults.values()];
  }

  fault({ source, path }: Place, message: string): void {
    this.#record(source.fault(path, message));
  }

  /** What is used in several places is wrong once. */
  #record(fault: TextFault): void {
    this.#faults.set(JSON.stringify(fault), fault);
  }

  all<K extends Kind>(kind: K): readonly Found<K>[] {
    return [...this.#found.values()].filter((found): found is Found<K> => found.object.kind === kind);
  }

  /** The object of that name; one that is not there is a fault of the place that names it. */
  find<K extends Kind>(kind: K, name: string, place: Place): Found<K> | undefined {
    const key = `${kind} ${name}`;
    const found = this.#found.get(key);
    if (found === undefined && !this.#faulty.has(key)) {
      const names = this.all(kind).map(({ object }) => object.metadata.name);
      const known =
        names.length > 0 ? `one of ${names.join(', ')}` : 'one that is defined in these files, but there is none';
      this.fault(place, `no ${kind} is called ${name}: expected ${known}`);
    }
    return found as Found<K> | undefined;
  }

  #add(file: string, source: SourceDocument): void {
    const kind = (source.content as { kind?: unknown } | undefined)?.kind;
    if (!isKind(kind)) {
      const expected = `expected ${Object.keys(schemas).join(', ')}`;
      this.fault({ source, path: ['kind'] }, `${expected}, found ${show(kind)}`);
      return;
    }
    const result = schemas[kind].safeParse(source.content);
    if (!result.success) {
      for (const fault of result.error.issues.flatMap((issue) => describe(source, issue))) this.#record(fault);
      this.#faulty.add(`${kind} ${(source.content as { metadata?: { name?: unknown } }).metadata?.name}`);
      return;
    }
    const key = `${kind} ${result.data.metadata.name}`;
    const first = this.#found.get(key);
    if (first) {
      const { line, column } = first.source.position(['metadata', 'name']);
      const message = `${key} is already defined in ${first.file}:${line}:${column}`;
      this.fault({ source, path: ['metadata', 'name'] }, message);
      return;
    }
    this.#found.set(key, { file, source, object: result.data });
  }
}

function isKind(value: unknown): value is Kind {
  return typeof value === 'string' && Object.hasOwn(schemas, value);
}

function describe(source: SourceDocument, issue: z.core.$ZodIssue): readonly TextFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => source.fault([...issue.path, key], 'not supported here'));
  }
  const found = issue.path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown>)?.[key],
    source.content,
  );
  // Each list of a fixed length is one of one.
  if (/^Too (big|small): expected array/.test(issue.message) && Array.isArray(found)) {
    return [source.fault(issue.path, `expected exactly 1, found ${found.length}`)];
  }
  const expected = issue.message.replace(/^Invalid (?:input|option): expected (.*?)(, received .*)?$/, '$1');
  return [source.fault(issue.path, `expected ${expected}, found ${show(found)}`)];
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text;
}
