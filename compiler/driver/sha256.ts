/**
 * SHA-256 (FIPS 180-4), the same in Node and in a page. It is our own because the hash of Web Crypto is a promise and
 * that of Node is in no browser.
 */
const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const ROUNDS = 64;

/** The first bits of the fractions of roots of the first primes: square roots to begin with, cube roots for the rounds. */
const START = fractions(8, Math.sqrt);
const ROUND_CONSTANTS = fractions(ROUNDS, Math.cbrt);

/** The hash of all parts together, as 64 hexadecimal digits. */
export function sha256(parts: Iterable<Uint8Array>): string {
  const state = START.slice();
  const block = new Uint8Array(BLOCK_BYTES);
  let total = 0;
  for (const part of parts) {
    const used = total % BLOCK_BYTES;
    total += part.length;
    const first = part.subarray(0, used === 0 ? 0 : BLOCK_BYTES - used);
    block.set(first, used);
    if (used > 0 && used + first.length === BLOCK_BYTES) addBlock(state, block, 0);
    const blocksEnd = part.length - ((part.length - first.length) % BLOCK_BYTES);
    for (let at = first.length; at < blocksEnd; at += BLOCK_BYTES) addBlock(state, part, at);
    if (first.length < part.length) block.set(part.subarray(blocksEnd));
  }
  addEnd(state, block.subarray(0, total % BLOCK_BYTES), total);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Adds the last bytes, a one, zeros, and the number of bits. */
function addEnd(state: Int32Array, last: Uint8Array, total: number): void {
  const blocks = Math.ceil((last.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const end = new Uint8Array(blocks * BLOCK_BYTES);
  end.set(last);
  end[last.length] = 0x80;
  new DataView(end.buffer).setBigUint64(end.length - LENGTH_BYTES, 8n * BigInt(total));
  for (let at = 0; at < end.length; at += BLOCK_BYTES) addBlock(state, end, at);
}

const schedule = new Int32Array(ROUNDS);

function addBlock(state: Int32Array, bytes: Uint8Array, at: number): void {
  expand(bytes, at);
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let i = 0; i < ROUNDS; i++) {
    const chosen = (e & f) ^ (~e & g);
    const turnedE = right(e, 6) ^ right(e, 11) ^ right(e, 25);
    const first = (h + turnedE + chosen + ROUND_CONSTANTS[i]! + schedule[i]!) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const turnedA = right(a, 2) ^ right(a, 13) ^ right(a, 22);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + turnedA + majority) | 0;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
  state[4] = state[4]! + e;
  state[5] = state[5]! + f;
  state[6] = state[6]! + g;
  state[7] = state[7]! + h;
}

/** Fills the schedule of the rounds from the words of the block that begins at `start`. */
function expand(bytes: Uint8Array, start: number): void {
  for (let i = 0; i < BLOCK_BYTES / 4; i++) {
    const at = start + 4 * i;
    schedule[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }
  for (let i = BLOCK_BYTES / 4; i < ROUNDS; i++) {
    const older = schedule[i - 15]!;
    const newer = schedule[i - 2]!;
    const fromOlder = right(older, 7) ^ right(older, 18) ^ (older >>> 3);
    const fromNewer = right(newer, 17) ^ right(newer, 19) ^ (newer >>> 10);
    schedule[i] = schedule[i - 16]! + fromOlder + schedule[i - 7]! + fromNewer;
  }
}

/** The word, turned to the right. */
const right = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The first 32 bits of the fractions of the roots of the first primes. */
function fractions(count: number, root: (prime: number) => number): Int32Array {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return Int32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}
