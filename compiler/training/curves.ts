/**
 * The curves of a run: loss and accuracy over the epochs. Training values are means over a few steps while the
 * network changes; validation values come after each epoch. `curves.svg` is the picture. `curves.html` contains it
 * with the numbers of every epoch and the settings, in one self-contained file.
 */
import { escapeXml, linearAxis, logAxis, panelSvg, type Axis, type Panel, type Series } from './chart.ts';
import { bestEpoch, type History, type Measured } from './history.ts';

export interface CurvesOptions {
  readonly title: string;
  readonly history: History;
  readonly stepsPerEpoch: number;
  /** Names and values, for the page. */
  readonly settings: readonly (readonly [string, string])[];
}

const WIDTH = 860;
const PANEL = { left: 74, width: WIDTH - 74 - 24, height: 250 };
const TOPS = [52, 400];
const HEIGHT = 700;

const STYLE = `
  .curves { --ink: #1f2933; --faint: #616e7c; --grid: #e4e7eb; --back: #ffffff; --training: #9fb3c8; --validation: #d64545; }
  @media (prefers-color-scheme: dark) {
    .curves { --ink: #e4e7eb; --faint: #9aa5b1; --grid: #3e4c59; --back: #1f2933; --training: #829ab1; --validation: #f86a6a; }
  }
  .curves text { font: 13px system-ui, sans-serif; fill: var(--faint); }
  .curves .title { font-size: 15px; font-weight: 600; fill: var(--ink); }
  .curves .grid { stroke: var(--grid); }
  .curves .axis { stroke: var(--faint); }
  .curves path.training { stroke: var(--training); stroke-width: 1.5; fill: none; stroke-linejoin: round; }
  .curves path.validation { stroke: var(--validation); stroke-width: 2; fill: none; stroke-linejoin: round; }
  .curves circle.validation { fill: var(--validation); }
  .curves .back { fill: var(--back); }`;

export function curvesSvg({ title, history, stepsPerEpoch }: CurvesOptions): string {
  const panels = [lossPanel(history, stepsPerEpoch), accuracyPanel(history, stepsPerEpoch)];
  const drawn = panels.map((panel, i) => panelSvg(panel, { ...PANEL, top: TOPS[i]! }));
  return [
    `<svg class="curves" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="back" width="${WIDTH}" height="${HEIGHT}"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}

/** Training and validation over the finished epochs, starting at 0. */
function seriesOf(history: History, stepsPerEpoch: number, value: (measured: Measured) => number): Series[] {
  const { points, epochs } = history;
  return [
    {
      name: 'training',
      style: 'training',
      points: points.map((point) => [point.step / stepsPerEpoch, value(point)] as const),
    },
    {
      name: 'validation',
      style: 'validation',
      points: epochs.map(({ epoch, validation }) => [epoch, value(validation)] as const),
    },
  ];
}

const valuesOf = (series: readonly Series[]): number[] =>
  series.flatMap(({ points }) => points.map(([, value]) => value));

function epochAxis(series: readonly Series[]): Axis {
  const last = series.flatMap(({ points }) => points.map(([x]) => x)).reduce((a, b) => Math.max(a, b), 1);
  return { from: 0, to: last, isLog: false, format: (epoch) => String(epoch) };
}

const formatLoss = (loss: number): string => String(Number(loss.toPrecision(3)));
const formatShare = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

/** If the largest loss is this many times the smallest, only a logarithmic axis is readable. */
const LOG_RATIO = 20;

function lossPanel(history: History, stepsPerEpoch: number): Panel {
  const series = seriesOf(history, stepsPerEpoch, ({ loss }) => loss);
  const values = valuesOf(series);
  const smallest = values.reduce((least, value) => Math.min(least, value), Infinity);
  const isLog = smallest > 0 && values.some((value) => value > LOG_RATIO * smallest);
  const y = isLog ? logAxis(values, formatLoss) : linearAxis([0, ...values], formatLoss);
  const title = isLog ? 'Loss (logarithmic)' : 'Loss';
  return { title, series, x: epochAxis(series), y, xLabel: 'epochs' };
}

function accuracyPanel(history: History, stepsPerEpoch: number): Panel {
  const series = seriesOf(history, stepsPerEpoch, ({ accuracy }) => accuracy);
  const settled = history.epochs.flatMap(({ training, validation }) => [
    training.accuracy,
    validation.accuracy,
  ]);
  // The first rise from chance level is cut off. It would press all later values against the upper edge.
  const values = settled.length > 0 ? settled : valuesOf(series);
  const { from, ...y } = linearAxis([...values, 1], formatShare, 0.005);
  return {
    title: 'Accuracy',
    series,
    x: epochAxis(series),
    y: { from: Math.max(0, from), ...y, to: 1 },
    xLabel: 'epochs',
  };
}

export function curvesHtml(options: CurvesOptions): string {
  const { title, history, settings } = options;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeXml(title)}</title>
<style>${PAGE_STYLE}</style>
<h1>${escapeXml(title)}</h1>
<p>${escapeXml(summaryOf(history))}</p>
${curvesSvg(options)}
<h2>Epochs</h2>
${epochTable(history)}
<h2>Settings</h2>
<table class="settings">
${settings.map(([name, value]) => `<tr><th>${escapeXml(name)}<td>${escapeXml(value)}`).join('\n')}
</table>
</html>
`;
}

const PAGE_STYLE = `
  :root { color-scheme: light dark; }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 860px; margin: 2rem auto; padding: 0 1rem; color: #1f2933; background: #ffffff; }
  h1 { font-size: 1.4rem; margin: 0; }
  h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
  p { margin: .25rem 0 1rem; color: #616e7c; }
  svg { max-width: 100%; height: auto; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { padding: .2rem 1.2rem .2rem 0; border-bottom: 1px solid #e4e7eb; text-align: right; font-weight: normal; }
  thead th, .settings th { color: #616e7c; }
  .settings th, .settings td { text-align: left; }
  tr.best td { font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    body { color: #e4e7eb; background: #1f2933; }
    p, thead th, .settings th { color: #9aa5b1; }
    th, td { border-color: #3e4c59; }
  }
`;

function summaryOf(history: History): string {
  const [last, best] = [history.epochs.at(-1), bestEpoch(history)];
  if (!last || !best) return 'No epoch has been finished yet.';
  const seconds = history.epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  return [
    `Validation accuracy ${formatShare(last.validation.accuracy)} after epoch ${last.epoch}`,
    `best ${formatShare(best.validation.accuracy)} after epoch ${best.epoch}`,
    `${formatDuration(seconds)} of training`,
  ].join(' · ');
}

/** `41 s`, `12:05 min`, `2:03 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min`;
  return `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))} h`;
}

function epochTable(history: History): string {
  const best = bestEpoch(history);
  const rows = history.epochs.map((result) => {
    const cells = [
      result.epoch,
      result.learningRate.toPrecision(3),
      ...[result.training, result.validation].flatMap(({ loss, accuracy }) => [
        loss.toFixed(4),
        `${(accuracy * 100).toFixed(2)} %`,
      ]),
      formatDuration(result.seconds),
    ];
    return `<tr${result === best ? ' class="best"' : ''}>${cells.map((cell) => `<td>${cell}`).join('')}`;
  });
  const names = [
    'epoch',
    'learning rate',
    'training loss',
    'accuracy',
    'validation loss',
    'accuracy',
    'time',
  ];
  return `<table>
<thead><tr>${names.map((name) => `<th>${name}`).join('')}</thead>
${rows.join('\n')}
</table>`;
}
