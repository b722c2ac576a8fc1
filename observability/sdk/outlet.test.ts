import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { expect, it } from 'vitest';
import { OtlpExporter } from './otlp/exporter.ts';
import { Outlet } from './outlet.ts';

it('an outlet is shut for as long as somebody holds it', () => {
  const outlet = new Outlet();
  const [one, other] = [new AbortController(), new AbortController()];
  outlet.shut(one.signal);
  outlet.shut(other.signal);
  one.abort();
  expect(outlet.isShut).toBe(true);
  other.abort();
  expect(outlet.isShut).toBe(false);
});

it('spans that would leave through an outlet that is shut have failed to', () => {
  const outlet = new Outlet();
  outlet.shut(new AbortController().signal);
  const results: ExportResult[] = [];
  new OtlpExporter({ url: 'http://127.0.0.1:1/v1/traces', timeoutMs: 1 }, outlet).export([], (result) =>
    results.push(result),
  );
  expect(results).toEqual([{ code: ExportResultCode.FAILED }]);
});
