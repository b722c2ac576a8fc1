import type { Kit } from '../kit.ts';
import { alertmanager } from './alertmanager.ts';
import { chromium } from './chromium.ts';
import { dockerCompose } from './docker-compose.ts';
import { jaeger } from './jaeger.ts';
import { k6 } from './k6.ts';
import { loki } from './loki.ts';
import { nginx } from './nginx.ts';
import { otelcol } from './otelcol.ts';
import { postgres } from './postgres.ts';
import { prometheus } from './prometheus.ts';
import { toxiproxy } from './toxiproxy.ts';
import { valkey } from './valkey.ts';

/** What a person may have to install by hand, so it is looked at before minutes are spent on the rest. */
export const systemKits: readonly Kit[] = [nginx, postgres, valkey];

/** What the project gets by itself, the longest build first. */
export const projectKits: readonly Kit[] = [loki, jaeger, prometheus, otelcol, k6, alertmanager, toxiproxy];

/** What only some need, and only when they name it: a start does not wait for it. */
export const namedKits: readonly Kit[] = [dockerCompose, chromium];
