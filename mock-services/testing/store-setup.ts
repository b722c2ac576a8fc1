import { getContainerRuntimeClient, ImageName } from 'testcontainers';
import type { TestProject } from 'vitest/node';
import { images } from '#catalog/containers.ts';
import { storeKinds } from './store-choice.ts';

/**
 * Chooses once, before the tests: `FIREDRILL_TEST_STORES`, or containers where a Docker engine answers on this machine that has
 * the images or can get them, processes elsewhere.
 */
export default async function chooseStores({ provide }: TestProject): Promise<void> {
  const wanted = process.env.FIREDRILL_TEST_STORES;
  const asked = storeKinds.find((kind) => kind === wanted);
  if (wanted && !asked) {
    throw new Error(`FIREDRILL_TEST_STORES: expected one of ${storeKinds.join(', ')} (got "${wanted}")`);
  }
  const obstacle = asked ? undefined : await obstacleToContainers();
  const stores = asked ?? (obstacle === undefined ? 'containers' : 'processes');
  process.stderr.write(`The tests' stores are ${stores}: ${asked ? 'asked for' : (obstacle ?? 'Docker answers')}.\n`);
  provide('stores', stores);
}

async function obstacleToContainers(): Promise<string | undefined> {
  try {
    const { image, info } = await getContainerRuntimeClient();
    const { host } = info.containerRuntime;
    if (!['localhost', '127.0.0.1'].includes(host)) return `the Docker engine is on ${host}`;
    for (const name of [images.postgres, images.valkey]) await image.pull(ImageName.fromString(name));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
