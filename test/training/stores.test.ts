/** Stores of `fit`: a run continues from them without a trace of the stop, and other files and runs are refused. */
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { examplesOf } from '../../runtime/training/fit/batches.ts';
import { firstState } from '../../runtime/training/fit/loop.ts';
import { fileStore } from '../../runtime/training/fit/stores.ts';
import { temporaryFolder } from './support.ts';
import { createTrial, EPOCHS, lastState } from './trial.ts';

describe('a store', () => {
  const root = temporaryFolder();

  it('in a file gives a run back, without a trace of the stop', async () => {
    const expected = await createTrial().run();
    const store = fileStore(join(root, 'run'));
    expect(await store.load()).toBe(undefined);
    expect((await createTrial({ stopAfter: 20 }).run({ store })).ending).toBe('stopped');
    const saved = await store.load();
    expect([saved!.state.epoch, saved!.state.step]).toEqual([1, 7]);
    expect(await createTrial().run({ store })).toEqual(expected);
    // A finished run is returned as it is.
    const { run, loaded } = createTrial();
    expect(await run({ store })).toEqual(expected);
    expect(loaded.trainer.step).toBe(33);
    await store.clear();
    expect(await store.load()).toBe(undefined);
  });

  it('refuses to mix runs up', async () => {
    const { run, saved } = createTrial();
    await run({ epochs: 1 });
    const other = examplesOf(
      Array.from({ length: 9 }, (_, i) => ({ image: new Uint8Array(16), label: i % 3 })),
    );
    for (const changed of [{ seed: 1 }, { examples: other }, { augment: {} }, { validation: undefined }])
      await expect(createTrial({ saved: [...saved] }).run(changed)).rejects.toThrow(
        "softmax.fit: the store holds a run with other examples or settings; `otherRun: 'forget'` replaces it",
      );
    const replaced = createTrial({ saved: [...saved] });
    const { weights } = await replaced.run({ seed: 1, otherRun: 'forget' });
    expect(weights).toEqual((await createTrial().run({ seed: 1 })).weights);
    expect(lastState(replaced).epoch).toBe(EPOCHS);
    // More epochs than before continue it.
    expect((await createTrial({ saved: [...saved] }).run({ epochs: 2 })).epochs).toHaveLength(2);
  });

  it('in a file refuses what is no run', async () => {
    const store = fileStore(join(root, 'whole'));
    const saved = { run: 'a', state: firstState(), trainer: Uint8Array.of(1, 2, 3) };
    await store.save(saved);
    expect(await store.load()).toEqual(saved);
    await store.save({ ...saved, best: Uint8Array.of(4) });
    expect(await store.load()).toEqual({ ...saved, best: Uint8Array.of(4) });
    const bytes = readFileSync(join(root, 'whole'));
    const file = join(root, 'broken');
    for (const length of [9, 20, bytes.length - 1]) {
      writeFileSync(file, bytes.subarray(0, length));
      await expect(fileStore(file).load()).rejects.toThrow(`fileStore (${file}): the file is truncated`);
    }
    writeFileSync(
      file,
      Uint8Array.from(bytes, (byte, at) => (at === 13 ? 0xff : byte)),
    );
    await expect(fileStore(file).load()).rejects.toThrow('the file is truncated or damaged');
    writeFileSync(file, 'no run');
    await expect(fileStore(file).load()).rejects.toThrow('this is no run of `fit`');
  });
});
