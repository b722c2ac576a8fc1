import { readConfig } from './config.ts';
import { createExporter } from './server.ts';

const config = readConfig(process.env);
const exporter = createExporter(config);
exporter.server.listen(config.port, config.host);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => exporter.close());
