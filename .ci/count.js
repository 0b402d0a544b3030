// Prints `N passed, N failed` from vitest's JSON reports, those of all groups together. A test file that could not be
// run has no tests of its own: it counts as one that failed. So does a run that left no report. Tests that are expected
// to fail, and do, count as passed, as they do in that report.
import { existsSync, readFileSync } from 'node:fs';

function count(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
  const isBroken = ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  return { passed: numPassedTests, failed: numFailedTests + testResults.filter(isBroken).length };
}

const counts = process.argv.slice(2).map(count);
const sum = (of) => counts.reduce((total, one) => total + of(one), 0);
console.log(`${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`);
