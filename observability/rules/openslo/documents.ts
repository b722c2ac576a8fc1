import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { Position, SloFault } from './fault.ts';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One YAML document of a file. */
export interface SourceDocument {
  readonly content: unknown;
  fault(path: readonly PropertyKey[], message: string): SloFault;
  position(path: readonly PropertyKey[]): Position;
}

/** The documents of a file, without empty ones, or why it cannot be read. */
export function readDocuments({ path: file, text }: SourceFile): readonly SourceDocument[] | readonly SloFault[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const parsed: readonly Document.Parsed[] = 'empty' in documents ? [] : documents;
  const unreadable = parsed.flatMap((document, index) =>
    document.errors.map(({ message, pos }) => ({
      file,
      ...numberOf(parsed, index),
      position: positionAt(lines, pos[0]),
      path: '',
      message: `not readable as YAML: ${message}`,
    })),
  );
  if (unreadable.length > 0) return unreadable;
  const sources = parsed.flatMap((document, index): SourceDocument[] => {
    const content: unknown = document.toJS();
    if (content === null) return [];
    const position = (path: readonly PropertyKey[]) => positionAt(lines, offsetOf(document, path));
    const fault = (path: readonly PropertyKey[], message: string) => ({
      file,
      ...numberOf(parsed, index),
      position: position(path),
      path: formatPath(path),
      message,
    });
    return [{ content, fault, position }];
  });
  return sources.length > 0 ? sources : [{ file, path: '', message: 'expected an OpenSLO object, found nothing' }];
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
    return /^\w+$/.test(String(key)) ? `.${String(key)}` : `["${String(key)}"]`;
  };
  return path.map(step).join('').replace(/^\./, '');
}
