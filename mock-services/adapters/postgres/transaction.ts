import { databaseError, isReusableAfter } from './errors.ts';
import type { Attempt } from './guard.ts';
import type { Query, Statements } from './postgres.ts';
import { toStatements } from './results.ts';
import type { Session } from './session.ts';
import type { StatementRecorder } from './statements.ts';

export interface TransactionDeps {
  readonly recorder: StatementRecorder;
  readonly attempt: Attempt;
  open(attempt: Attempt): Promise<Session>;
}

const begin: Query = { operation: 'begin', summary: 'BEGIN', text: 'BEGIN', idempotent: false };
const commit: Query = { operation: 'commit', summary: 'COMMIT', text: 'COMMIT', idempotent: false };
const rollback: Query = { operation: 'rollback', summary: 'ROLLBACK', text: 'ROLLBACK', idempotent: false };

export const transactionQueries: readonly Query[] = [begin, commit, rollback];

/** One attempt at a transaction, on one connection: all that `work` does is done, or nothing is. */
export async function runTransaction<T>(deps: TransactionDeps, work: (tx: Statements) => Promise<T>): Promise<T> {
  const transaction = new Transaction(deps, await openTransaction(deps));
  try {
    const result = await work(toStatements((query, values) => transaction.run(query, values)));
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollBack();
    throw error;
  } finally {
    transaction.end();
  }
}

function openTransaction({ recorder, attempt, open }: TransactionDeps): Promise<Session> {
  return recorder.record(begin, attempt, async () => {
    const session = await open(attempt);
    try {
      await recorder.send(session, begin, [], attempt.deadlineMs);
      return session;
    } catch (error) {
      session.release(false);
      throw error;
    }
  });
}

class Transaction {
  readonly #deps: TransactionDeps;
  readonly #session: Session;
  #state: 'open' | 'lost' | 'over' = 'open';

  constructor(deps: TransactionDeps, session: Session) {
    this.#deps = deps;
    this.#session = session;
  }

  async run(query: Query, values: readonly unknown[]) {
    const { recorder, attempt } = this.#deps;
    if (this.#state === 'over') throw new Error(`${query.operation} came after the end of its transaction`);
    try {
      return await recorder.record(query, attempt, () =>
        recorder.send(this.#session, query, values, attempt.deadlineMs),
      );
    } catch (error) {
      if (!isReusableAfter(attempt.failure)) this.#state = 'lost';
      throw error;
    }
  }

  async commit(): Promise<void> {
    const { attempt } = this.#deps;
    // The server would answer ROLLBACK to the COMMIT of a transaction in which something failed, and no error.
    if (attempt.failure !== undefined) throw databaseError(attempt.failure);
    // Up to here nothing can have happened; from here on it is not known until the server answers.
    attempt.sent = true;
    await this.run(commit, []);
  }

  async rollBack(): Promise<void> {
    if (this.#state !== 'open') return;
    await this.run(rollback, []).catch(() => {
      this.#state = 'lost';
    });
  }

  end(): void {
    this.#session.release(this.#state === 'open');
    this.#state = 'over';
  }
}
