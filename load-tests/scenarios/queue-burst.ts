import exec from 'k6/execution';
import { ask, askAll } from './shared/ask.ts';
import { choice } from './shared/chance.ts';
import { accounts, message, type Priority } from './shared/messages.ts';
import { optionsOf } from './shared/options.ts';
import { summarise } from './shared/summary.ts';

const messagesPerBurst = 10;
const priorities: readonly Priority[] = ['high', 'medium', 'low'];

/** Ten messages at once, of every priority, and a look at the queues. */
export default function queueBurst(): void {
  const burst = exec.scenario.iterationInTest;
  askAll(
    Array.from({ length: messagesPerBurst }, (_, index) =>
      message('load.burst', { burst, index }, priorities[choice(priorities.length, index)] as Priority),
    ),
  );
  ask(accounts());
}

export const options = optionsOf('queue-burst');
export const handleSummary = summarise;
