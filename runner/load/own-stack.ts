import { editorToken } from './editor-token.ts';

interface OwnStack {
  readonly options: { readonly ports: { readonly edge: number; readonly prometheus: number } };
  /** Unknown of one that was started before it was told. */
  readonly tokenSecret?: string | undefined;
}

/** Where load goes on a stack of ours, for so many seconds, and who tells of it. */
export async function placeOfStack({ options: { ports }, tokenSecret }: OwnStack, seconds: number) {
  return {
    targetUrl: `http://127.0.0.1:${ports.edge}`,
    prometheusUrl: `http://127.0.0.1:${ports.prometheus}`,
    token: tokenSecret === undefined ? undefined : await editorToken(tokenSecret, seconds),
  };
}
