/** Tables as text. */

const HEADINGS = {
  cpu: 'CPU ms',
  wall: 'wall ms',
  perSecond: 'per second',
  extra: 'CPU ms more',
  client: 'of it client',
  database: 'of it database',
  memory: 'MB of memory',
};

/** The medians of a benchmark, with the CPU time of its baseline as a multiple of each contestant's. */
export function figuresTable({ title, baseline, columns, contestants }, medians) {
  const head = ['', ...columns.map((column) => HEADINGS[column] ?? column)];
  if (baseline !== undefined) head.push(`times less CPU than ${baseline}`);
  const rows = Object.keys(contestants).map((name) => {
    const row = [name, ...columns.map((column) => number(medians[name][column]))];
    if (baseline !== undefined) row.push(number(medians[baseline].cpu / medians[name].cpu));
    return row;
  });
  return `${title}\n\n${table([head, ...rows])}\n`;
}

/** @param {string[][]} rows the first one is the heading; the first column is text, the others are numbers */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ');
  const [head, ...body] = rows.map(line);
  return [head, '-'.repeat(head.length), ...body].join('\n');
}

/** Three significant digits; a dash where nothing was measured. */
export function number(value) {
  if (value === undefined) return '–';
  if (value === 0 || Number.isInteger(value)) return String(value);
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return String(Number(value.toPrecision(3)));
}
