// Runs phone.ts, which imports the phone's TypeScript as it is, in Node.
import { runnerImport } from 'vite';

await runnerImport(new URL('phone.ts', import.meta.url).pathname, { configFile: false, logLevel: 'error' });
