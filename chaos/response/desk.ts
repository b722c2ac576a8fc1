import { type Cause, causeNames, causes } from '#catalog/causes.ts';
import { componentNamed, components } from '#catalog/components.ts';
import type { Drill } from '../engine/drill.ts';
import { entriesOf, type Ledger } from '../engine/ledger.ts';
import { progressOf } from './progress.ts';

/** What somebody who responds can say to the drill; each gives the sentence to read. */
export interface Desk {
  hint(): string;
  /** @throws DeskError naming field, value and what was expected */
  answer(component: string | undefined, cause: string | undefined): string;
  choices(): Choices;
  giveUp(how: 'revealed' | 'aborted'): string;
}

export interface Choices {
  readonly components: readonly string[];
  readonly causes: Readonly<Record<Cause, string>>;
}

/** It was asked for something that there is not. */
export class DeskError extends Error {
  override readonly name = 'DeskError';
}

export function openDesk(drill: Pick<Drill, 'hints' | 'stack' | 'faults'>, ledger: Ledger): Desk {
  const { hints, stack, faults } = drill;
  const assertOpen = (): void => {
    const { state } = progressOf(ledger.entries, faults.length);
    if (entriesOf(ledger.entries, 'response-started').length === 0) throw new DeskError('It has not begun yet.');
    if (state === 'over') throw new DeskError('It is over.');
  };
  return {
    hint: () => {
      assertOpen();
      const given = entriesOf(ledger.entries, 'hinted').length;
      const hint = hints[given];
      if (hint === undefined) throw new DeskError(given === 0 ? 'There are no hints.' : 'There are no more hints.');
      ledger.append({ event: 'hinted', number: given + 1, ...hint }, 'responder');
      return `Hint ${given + 1} of ${hints.length}, ${hint.cost} points: ${hint.text}`;
    },
    answer: (component, cause) => {
      assertOpen();
      const place = componentNamed(component ?? '', stack.replicas);
      if (place === undefined) {
        const known = components(stack.replicas).join(', ');
        throw new DeskError(`--component: expected one of ${known} (got ${quoted(component)})`);
      }
      const known = causeNames.find((name) => name === cause);
      if (known === undefined) {
        throw new DeskError(`--cause: expected one of ${causeNames.join(', ')} (got ${quoted(cause)})`);
      }
      ledger.append({ event: 'answered', component: place, cause: known }, 'responder');
      return `Noted: ${place}, ${known}. The last answer counts; whether it is right is told in the end.`;
    },
    choices: () => ({ components: components(stack.replicas), causes }),
    giveUp: (how) => {
      assertOpen();
      ledger.append({ event: 'given-up', how }, 'responder');
      return how === 'revealed' ? 'It ends, and says what it was.' : 'It ends.';
    },
  };
}

function quoted(value: string | undefined): string {
  return value === undefined ? 'nothing' : `"${value}"`;
}
