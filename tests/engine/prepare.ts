import { engineObstacle, testEngine } from './test-engine.ts';

/** `node tests/engine/prepare.ts`: gets or builds every image of docker-compose.yml, where there is an engine or can be one. */
if ((await engineObstacle()) === undefined) await (await testEngine())[Symbol.asyncDispose]();
