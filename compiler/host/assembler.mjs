/**
 * The assembler as a program: it reads texts and answers each with a module's bytes, or with what is wrong. A text is its
 * length (32 bits, little-endian) and itself; an answer is a byte, 0 for a module and 1 for a message, its length and itself.
 *
 * Plain JavaScript in a process of its own: tsx would translate binaryen's fourteen megabytes first, which takes ten times
 * as long as all the rest.
 */
import { stdin, stdout } from 'node:process';
import { assemble } from './browser/assemble.mjs';

function answer(text) {
  try {
    return [0, assemble(text)];
  } catch (error) {
    return [1, Buffer.from(error.message)];
  }
}

function send([kind, bytes]) {
  const head = Buffer.alloc(5);
  head.writeUInt8(kind);
  head.writeUInt32LE(bytes.length, 1);
  stdout.write(Buffer.concat([head, bytes]));
}

async function main() {
  let pending = Buffer.alloc(0);
  for await (const chunk of stdin) {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32LE()) {
      const end = 4 + pending.readUInt32LE();
      send(answer(pending.toString('utf8', 4, end)));
      pending = pending.subarray(end);
    }
  }
}

await main();
