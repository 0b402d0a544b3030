/**
 * The assembler's process (assembler.mjs), started with the first text and kept for the next ones. It ends with this
 * process and does not keep it from ending.
 */
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./assembler.mjs', import.meta.url));
/** Without the loader that this process may have. */
const ENVIRONMENT = { ...process.env, NODE_OPTIONS: '' };
const HEAD = 5;

type Bytes = Uint8Array;

interface Request {
  readonly resolve: (bytes: Bytes) => void;
  readonly reject: (error: Error) => void;
}

interface AssemblerProcess {
  ask(text: string): Promise<Bytes>;
}

let running: AssemblerProcess | undefined;

/** The module's bytes. */
export const assemble = (text: string): Promise<Bytes> => (running ??= start()).ask(text);

function start(): AssemblerProcess {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'], env: ENVIRONMENT });
  const waiting: Request[] = [];
  let received = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let one = takeAnswer(received); one; one = takeAnswer(received)) {
      received = received.subarray(one.length);
      settle(waiting.shift()!, one);
    }
    if (waiting.length === 0) hold(child, false);
  });
  const fail = (reason: string): void => {
    running = undefined;
    for (const { reject } of waiting.splice(0)) reject(new Error(`the assembler ${reason}`));
  };
  child.on('error', ({ message }) => fail(`cannot be started: ${message}`));
  child.on('exit', (code) => fail(`ended with ${code}`));
  hold(child, false);
  return {
    ask: (text) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        hold(child, true);
        child.stdin.write(frame(text));
      }),
  };
}

/** Only while an answer is awaited does the child keep this process alive. */
function hold(child: ChildProcessByStdio<Writable, Readable, null>, isHeld: boolean): void {
  const pipes = [child, child.stdin, child.stdout] as unknown as { ref(): void; unref(): void }[];
  for (const one of pipes) isHeld ? one.ref() : one.unref();
}

interface Answer {
  readonly isModule: boolean;
  readonly bytes: Buffer;
  /** With its head. */
  readonly length: number;
}

function takeAnswer(received: Buffer): Answer | undefined {
  if (received.length < HEAD) return undefined;
  const length = HEAD + received.readUInt32LE(1);
  if (received.length < length) return undefined;
  return { isModule: received.readUInt8() === 0, bytes: received.subarray(HEAD, length), length };
}

function settle({ resolve, reject }: Request, { isModule, bytes }: Answer): void {
  if (isModule) resolve(new Uint8Array(bytes));
  else reject(new Error(bytes.toString()));
}

function frame(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(bytes.length);
  return Buffer.concat([head, bytes]);
}

/** The same at once, in a process for these texts alone. */
export function assembleNow(texts: readonly string[]): Bytes[] {
  const { stdout } = spawnSync(process.execPath, [PROGRAM], {
    input: Buffer.concat(texts.map(frame)),
    stdio: ['pipe', 'pipe', 'inherit'],
    env: ENVIRONMENT,
    maxBuffer: 2 ** 30,
  });
  const modules: Bytes[] = [];
  let rest = stdout;
  for (let one = takeAnswer(rest); one; one = takeAnswer(rest)) {
    if (!one.isModule) throw new Error(one.bytes.toString());
    modules.push(new Uint8Array(one.bytes));
    rest = rest.subarray(one.length);
  }
  if (modules.length < texts.length) throw new Error('the assembler gave no answer');
  return modules;
}
