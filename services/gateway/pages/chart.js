// A line over the months, drawn by uPlot in the colours of the theme. The table beside it says the
// same to whoever cannot see it.
import uPlot from './vendor/uplot/uPlot.esm.js';
import { locale } from './i18n.js';
import { html, useEffect, useRef } from './ui.js';

const HEIGHT = 190;
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// series: [{label, values, colour: '--act', dash?}]; labels: under the axis.
function draw(box, { labels, series, digits }) {
  const [ink, edge] = [colour('--soft'), colour('--edge')];
  const axis = { stroke: ink, grid: { stroke: edge, width: 1 }, ticks: { stroke: edge, width: 1 }, font: '12px system-ui' };
  const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: digits });
  const many = series.flatMap((one) => one.values).filter((one) => one !== null);
  return new uPlot({ width: box.clientWidth || 300, height: HEIGHT, scales: { x: { time: false }, y: { range: [0, Math.max(1, ...many) * 1.12] } },
    legend: { show: false }, cursor: { show: false },
    axes: [{ ...axis, values: (_, at) => at.map((i) => labels[i] ?? ''), splits: () => labels.map((_, i) => i), grid: { show: false } },
      { ...axis, values: (_, at) => at.map((one) => number.format(one)), size: 46 }],
    series: [{}, ...series.map((one) => ({ label: one.label, stroke: colour(one.colour), width: 2, dash: one.dash,
      points: { show: !one.dash, size: 7, fill: colour(one.colour) }, spanGaps: true }))] },
  [labels.map((_, i) => i), ...series.map((one) => one.values)], box);
}

export function Chart({ title, theme, ...data }) {
  const box = useRef(null);
  useEffect(() => {
    let plot = draw(box.current, data);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const again = () => { plot.destroy(); plot = draw(box.current, data); };
    const sized = new ResizeObserver(() => plot.setSize({ width: box.current.clientWidth, height: HEIGHT }));
    sized.observe(box.current);
    scheme.addEventListener('change', again);
    return () => { sized.disconnect(); scheme.removeEventListener('change', again); plot.destroy(); };
  }, [JSON.stringify(data), theme]);
  return html`<figure class="chart"><figcaption><b>${title}</b> ${data.series.map((one) => html`<span class="key ${one.dash ? 'dashed' : ''}"
      style=${{ borderColor: `var(${one.colour})` }}></span><small>${one.label}</small> `)}</figcaption>
    <div ref=${box} role="img" aria-label=${`${title}: ${data.series.map((one) => `${one.label} ${one.values.map((value, i) =>
      (value === null ? '' : `${data.labels[i]} ${value}`)).filter(Boolean).join(', ')}`).join('; ')}`}></div></figure>`;
}
