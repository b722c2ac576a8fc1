import type pg from 'pg';
import type { Query, Statements } from './postgres.ts';

/** What callers get of the results of `run`. */
export function toStatements(run: (query: Query, values: readonly unknown[]) => Promise<pg.QueryResult>): Statements {
  return {
    async readJson(query, values) {
      const { rows } = await run(query, values);
      return (rows[0] as { readonly body: string }).body;
    },
    async rows<Row>(query: Query, values: readonly unknown[]) {
      const { rows } = await run(query, values);
      return rows.slice() as Row[];
    },
    async execute(query, values) {
      const { rowCount, rows } = await run(query, values);
      return rowCount ?? rows.length;
    },
  };
}
