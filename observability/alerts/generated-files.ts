import { committedTimeScales, generatedPath } from '#observability/rules/generated-path.ts';
import { renderAlerts } from './render.ts';

/** The alerts of the stack as they are committed. */
export function generatedAlerts(): readonly { readonly path: string; readonly content: string }[] {
  return committedTimeScales.map((timeScale) => ({
    path: generatedPath('alerts', timeScale),
    content: renderAlerts(timeScale),
  }));
}
