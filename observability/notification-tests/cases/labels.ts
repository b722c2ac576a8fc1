import type { Labels } from '../scene.ts';

/** Alerts as the rules of this stack make them, of the backend's team unless they say otherwise. */
export const page = (name: string, more: Labels = {}): Labels => ({
  alertname: name,
  severity: 'page',
  team: 'backend',
  ...more,
});
export const ticket = (name: string, more: Labels = {}): Labels => ({ ...page(name, more), severity: 'ticket' });
export const warning = (name: string): Labels => ({ ...page(name), severity: 'warning' });
export const info = (name: string, more: Labels = {}): Labels => ({ ...page(name, more), severity: 'info' });

export const slo = (name: string): Labels => ({
  sloth_id: `backend-${name}`,
  sloth_service: 'backend',
  sloth_slo: name,
});
export const availability = slo('edge-availability');
export const latency = slo('edge-latency');
