import express, { type Router } from 'express';
import { type Desk, DeskError } from '#chaos/response/desk.ts';
import { RunnerError } from '../errors.ts';

/** The desk over the runner's console: what the commands hint, answer, reveal and abort ask. */
export function deskRoutes(desk: Desk): Router {
  const said = (say: () => string): { said: string } => {
    try {
      return { said: say() };
    } catch (error) {
      if (error instanceof DeskError) throw new RunnerError('USAGE', error.message, { cause: error });
      throw error;
    }
  };
  const routes = express.Router();
  routes.get('/choices', (_request, response) => {
    response.json(desk.choices());
  });
  routes.post('/hint', (_request, response) => {
    response.json(said(() => desk.hint()));
  });
  routes.post('/answer', ({ body }, response) => {
    response.json(said(() => desk.answer(body?.component, body?.cause)));
  });
  routes.post('/reveal', (_request, response) => {
    response.json(said(() => desk.giveUp('revealed')));
  });
  routes.post('/abort', (_request, response) => {
    response.json(said(() => desk.giveUp('aborted')));
  });
  return routes;
}
