/** The names of ImageNet's classes, and which models have them. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { buildGraph, imagenetLabels } from 'cnnc';
import { modelNames, zooModel } from '../support/models.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';

it('there are 1000, in the usual order', () => {
  expect(imagenetLabels).toHaveLength(1000);
  const known: Readonly<Record<number, string>> = {
    ...{
      0: 'tench',
      1: 'goldfish',
      151: 'Chihuahua',
      207: 'golden retriever',
      281: 'tabby',
      282: 'tiger cat',
    },
    ...{ 285: 'Egyptian cat', 407: 'ambulance', 817: 'sports car', 999: 'toilet tissue' },
    ...{ 134: 'crane', 517: 'crane', 638: 'maillot', 639: 'maillot', 607: "jack-o'-lantern" },
  };
  for (const [index, name] of Object.entries(known)) expect(imagenetLabels[Number(index)]).toBe(name);
  expect(new Set(imagenetLabels).size).toBe(998);
  expect(imagenetLabels.filter((name) => name !== name.trim() || name === '')).toEqual([]);
});

it('every model of the zoo with 1000 classes names them', async () => {
  const named: string[] = [];
  for (const name of modelNames) {
    const model = await zooModel(name);
    // Nets for smaller images are for other data sets, and some of them are very deep.
    if (!Object.values(model.inputs).some(({ shape }) => (shape[2] ?? 0) > 200)) continue;
    const { nodes, outputs } = buildGraph(model, { training: false });
    const [, classes, ...rest] = nodes[outputs[0]!.value]!.type.shape;
    if (classes !== 1000 || rest.length > 0) continue;
    expect(model.labels, name).toHaveLength(1000);
    named.push(name);
  }
  expect(named.length).toBeGreaterThan(30);
});

describeWithTestdata("Darknet's order", () => {
  it('is that of its own list', async () => {
    const lines = readFileSync(testdata('nets/imagenet-darknet-tiny/labels.txt'), 'utf8')
      .trimEnd()
      .split('\n');
    const { labels } = await zooModel('darknet_tiny');
    expect(labels).toEqual(lines.map((line) => line.split('\t')[1]));
    const sorted = lines.toSorted().map((line) => line.split('\t')[1]);
    expect(imagenetLabels).toEqual(sorted);
  });
});
