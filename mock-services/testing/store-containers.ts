import { GenericContainer, getContainerRuntimeClient, Network } from 'testcontainers';
import { images } from '#catalog/containers.ts';
import { postgresSettings, type StoreBox, type StoreRuntime } from './store-runtime.ts';

const hbaFile = '/etc/firedrill-hba.conf';

/** Stores as containers of the stack's own images, by testcontainers, which ends them also when the tests are killed. */
export const storeContainers: StoreRuntime = {
  async postgres(port) {
    const settings = [...postgresSettings, `hba_file=${hbaFile}`].flatMap((setting) => ['-c', setting]);
    const container = new GenericContainer(images.postgres)
      .withUser('postgres')
      .withEnvironment({
        POSTGRES_USER: 'firedrill',
        POSTGRES_PASSWORD: 'unused',
        POSTGRES_DB: 'unused',
        POSTGRES_INITDB_ARGS: '--encoding=UTF8 --no-locale --no-sync',
      })
      .withCopyContentToContainer([{ target: hbaFile, content: 'local all all trust\nhost all all all trust\n' }])
      .withCommand(['postgres', ...settings])
      .withExposedPorts({ container: 5432, host: port });
    return box(container, 'SIGQUIT');
  },
  async valkey(port, settings) {
    const container = new GenericContainer(images.valkey)
      .withUser('valkey')
      .withCommand(['valkey-server', '--protected-mode', 'no', '--save', '', ...settings])
      .withExposedPorts({ container: 6379, host: port });
    return box(container, 'SIGKILL');
  },
};

/** Testcontainers creates and removes it; in between it is stopped, started and paused by the engine's own commands. */
async function box(container: GenericContainer, stopSignal: NodeJS.Signals): Promise<StoreBox> {
  const { container: engine } = await getContainerRuntimeClient();
  const undo = new AsyncDisposableStack();
  let created: ReturnType<typeof engine.getById> | undefined;
  let running = false;
  return {
    async start() {
      if (created) await created.start();
      else {
        // Not every engine has a network that containers are in by themselves.
        const network = await new Network().start();
        undo.defer(() => network.stop().then(() => undefined));
        const started = await container.withNetwork(network).start();
        undo.defer(() => started.stop().then(() => undefined));
        created = engine.getById(started.getId());
      }
      running = true;
    },
    async stop() {
      if (!running) return;
      running = false;
      await created?.kill({ signal: stopSignal });
      await created?.wait();
    },
    freeze: async () => created?.pause(),
    thaw: async () => created?.unpause(),
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}
