import type { Options } from 'k6/options';
import { inSpikes } from '../spikes.ts';
import browse from './browse.ts';
import { optionsOf } from './shared/options.ts';
import { summarise } from './shared/summary.ts';

/** The readers of browse, who come in spikes. */
export default browse;

const evenly = optionsOf('spikes');

export const options: Options = { ...evenly, scenarios: inSpikes(evenly.scenarios ?? {}) };
export const handleSummary = summarise;
