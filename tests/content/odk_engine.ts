/**
 * ODK's own form engine, as the judge of ours. Its bundle carries a WebAssembly parser that, under
 * Node, looks for the CommonJS name `__dirname` although it reads no file: give it one.
 */
Object.assign(globalThis, { __dirname: '.' });
export const { createInstance } = await import('@getodk/xforms-engine');
export type { AnyNode } from '@getodk/xforms-engine';
