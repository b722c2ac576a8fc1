import { availableParallelism } from 'node:os';
import type { Mutant } from '#observability/mutants/mutant.ts';
import type { Outcome } from '#observability/mutants/outcome.ts';
import { allTools, type Session } from '../commands/session.ts';
import { hashOf } from '../toolchain/cache.ts';
import {
  type NotificationProof,
  mutantsOf as notificationMutantsOf,
  proveNotifications,
} from './notifications/prove-notifications.ts';
import { shippedNotifications } from './notifications/shipped.ts';
import { proveRules, type RuleProof, mutantsOf as ruleMutantsOf } from './rules/prove-rules.ts';
import { shippedTests } from './rules/shipped.ts';

/** Mutants of one kind, and how they are played. */
export interface MutationProof {
  readonly mutants: readonly Mutant[];
  /** Those of them that were chosen. */
  play(chosen: ReadonlySet<Mutant>, options: PlayOptions): Promise<readonly Outcome[]>;
}

export interface PlayOptions extends Session {
  readonly directory: string;
  readonly remember: boolean;
  readonly install?: boolean;
}

/** The rules and the notifications of this stack. */
export async function shippedProofs(): Promise<readonly MutationProof[]> {
  const tests = await shippedTests(1);
  const files = [...new Set(tests.flatMap((test) => test.files))];
  return [ofRules({ tests, files }), ofNotifications(await shippedNotifications())];
}

export function ofRules(proof: RuleProof): MutationProof {
  return ofKind(ruleMutantsOf(proof), async (chosen, options) => {
    const { promtool } = await allTools(options, options.install === true, ['promtool']);
    const promtoolVersion = await hashOf([], [promtool]);
    return await proveRules(proof, chosen, { ...options, promtool, promtoolVersion, jobs: availableParallelism() });
  });
}

function ofNotifications(proof: NotificationProof): MutationProof {
  return ofKind(notificationMutantsOf(proof), async (chosen, options) => {
    const { alertmanager, amtool } = await allTools(options, options.install === true, ['alertmanager', 'amtool']);
    const alertmanagerVersion = await hashOf([], [alertmanager]);
    // They wait more than they work.
    const jobs = 2 * availableParallelism();
    return await proveNotifications(proof, chosen, { ...options, alertmanager, amtool, alertmanagerVersion, jobs });
  });
}

function ofKind<Kind extends Mutant>(
  mutants: readonly Kind[],
  play: (chosen: readonly Kind[], options: PlayOptions) => Promise<readonly Outcome[]>,
): MutationProof {
  return {
    mutants,
    play: async (chosen, options) => {
      const own = mutants.filter((mutant) => chosen.has(mutant));
      return own.length === 0 ? [] : await play(own, options);
    },
  };
}
