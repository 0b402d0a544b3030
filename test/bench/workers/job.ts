/** The messages between the coordinator and a worker. A worker is one engine with one net in a process or page of its own. */

/** `serve` waits for turns; `cold` and `memory` do their one thing and end. */
export type Mode = 'serve' | 'cold' | 'memory';

/** What a session does once a run: an inference, or a training step. */
export type Task = 'inference' | 'training';

/** What a worker gets, as JSON. Everything that it reads is a file. */
export interface Job {
  readonly mode: Mode;
  readonly task: Task;
  /** Paths by what they are; each engine names the ones that it needs. */
  readonly files: Readonly<Record<string, string>>;
}

/** What an engine needs from Node or from a page. A page finds every file at its path on the page's own server. */
export interface Host {
  read(file: string): Promise<Uint8Array>;
  /** What `import()` takes for a file. A folder's address ends in a slash if its path does. */
  addressOf(path: string): string;
  /** Allows scripts that are no modules, as a page does. */
  allowScripts(): void;
}

export interface Session {
  /** The logits of one inference, or the loss of one step. Valid until the next call. */
  run(): Float32Array | Promise<Float32Array>;
}

/** Everything between the start of the process and the first run. A worker's module exports one as `load`. */
export type Load = (job: Job, host: Host) => Promise<Session>;

export type Order =
  | { readonly kind: 'outputs' }
  /** Untimed runs: so many at least, so long at least, and on while they become faster, up to about `mostMs`. */
  | { readonly kind: 'warm'; readonly runs: number; readonly ms: number; readonly mostMs: number }
  /** Timed runs for about so long, one at least. */
  | { readonly kind: 'turn'; readonly ms: number };

export type Answer =
  /** `relaxedSimd` is missing where no WebAssembly runs. */
  | { readonly kind: 'loaded'; readonly relaxedSimd?: boolean }
  | { readonly kind: 'outputs'; readonly values: readonly number[] }
  | { readonly kind: 'warm'; readonly runs: number; readonly ms: number }
  | { readonly kind: 'turn'; readonly ms: number; readonly calls: number }
  | { readonly kind: 'failed'; readonly message: string };
