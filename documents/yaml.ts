import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, visit } from 'yaml';
import type { Position, TextFault } from './fault.ts';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One YAML document of a file. */
export interface SourceDocument {
  readonly content: unknown;
  fault(path: readonly PropertyKey[], message: string): TextFault;
  position(path: readonly PropertyKey[]): Position;
}

/** The documents of a file, without empty ones, or why it cannot be read; `expected` is what it should hold. */
export function readDocuments(
  { path: file, text }: SourceFile,
  expected = 'an object',
): readonly SourceDocument[] | readonly TextFault[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const parsed: readonly Document.Parsed[] = 'empty' in documents ? [] : documents;
  const read = parsed.map((document, index) => {
    const at = (offset: number) => ({ file, ...numberOf(parsed, index), position: positionAt(lines, offset) });
    const { content, unreadable } = contentOf(document);
    const position = (path: readonly PropertyKey[]) => positionAt(lines, offsetOf(document, path));
    const fault = (path: readonly PropertyKey[], message: string) => ({
      ...at(offsetOf(document, path)),
      path: formatPath(path),
      message,
    });
    const faults = unreadable.map(({ offset, message }) => ({
      ...at(offset),
      path: '',
      message: `not readable as YAML: ${message.replaceAll(/\s+/g, ' ')}`,
    }));
    return { faults, source: { content, fault, position } };
  });
  const faults = read.flatMap((each) => each.faults);
  if (faults.length > 0) return faults;
  const sources = read.map(({ source }) => source).filter(({ content }) => content !== null);
  return sources.length > 0 ? sources : [{ file, path: '', message: `expected ${expected}, found nothing` }];
}

interface Unreadable {
  readonly offset: number;
  readonly message: string;
}

/** What a document holds, as a tree: its parts may be shared, but none holds itself. */
function contentOf(document: Document.Parsed): {
  readonly content?: unknown;
  readonly unreadable: readonly Unreadable[];
} {
  const errors = document.errors.map(({ message, pos: [offset] }) => ({ offset, message }));
  const unreadable = errors.length > 0 ? errors : wrongAliases(document);
  if (unreadable.length > 0) return { unreadable };
  try {
    return { content: document.toJS(), unreadable };
  } catch (error) {
    return { unreadable: [{ offset: document.contents?.range[0] ?? 0, message: (error as Error).message }] };
  }
}

/** Those of nothing, and those inside of what they are an alias of. */
function wrongAliases(document: Document.Parsed): readonly Unreadable[] {
  const found: Unreadable[] = [];
  visit(document, {
    Alias: (_, alias, path) => {
      const node = alias.resolve(document);
      if (node !== undefined && !path.includes(node)) return;
      const message = `expected an alias of what stands before it, found *${alias.source}`;
      found.push({ offset: alias.range?.[0] ?? 0, message });
    },
  });
  return found;
}

function numberOf(documents: readonly unknown[], index: number) {
  return documents.length > 1 ? { document: index + 1 } : {};
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** Where the deepest part of the path begins that is there. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: Node | null | undefined = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    const container: Node | null | undefined = isAlias(node) ? node.resolve(document) : node;
    if (isMap(container)) {
      const pair = container.items.find(({ key }) => isScalar(key) && key.value === step);
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(container)) {
      node = container.items[Number(step)] as Node | undefined;
      offset = node?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}

function formatPath(path: readonly PropertyKey[]): string {
  const step = (key: PropertyKey) => {
    if (typeof key === 'number') return `[${key}]`;
    return /^\w+$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(String(key))}]`;
  };
  return path.map(step).join('').replace(/^\./, '');
}
