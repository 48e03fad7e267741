// Charts as figures made in Python: a picture at once, and plotly when one is about to be seen.
import { DOT, draw } from "./picture.js";
import settings from "./settings.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const mounted = new Map();
let plotly;

function load() {
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(settings.plotly, import.meta.url);
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      plotly = undefined;
      reject(new Error("plotly.js could not be loaded"));
    };
    document.head.append(script);
  });
  return plotly;
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      const chart = mounted.get(target);
      chart.near = isIntersecting;
      if (chart.near && chart.stale) plot(chart);
    }
  },
  { rootMargin: "300px" },
);

export function mountChart(place) {
  const chart = {
    place,
    box: place.querySelector(".plot"),
    figure: JSON.parse(place.querySelector("script").textContent),
    kind: place.dataset.chart,
    near: false,
    stale: true,
    names: null,
  };
  mounted.set(place, chart);
  watcher.observe(place);
  return chart;
}

// On a dark page every colour of the template has its dark twin.
function coloured(value) {
  if (typeof value === "string") return settings.dark[value] ?? value;
  if (Array.isArray(value)) return value.map(coloured);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coloured(item)]));
  }
  return value;
}

function dressed({ data, layout }, colours) {
  const template = layout.template ?? colours(settings.template);
  return [colours(data.map(dotted)), { ...colours(layout), template, dragmode: false }];
}

// Plotly draws nothing for a point between gaps, unless it has a mark.
function dotted(trace) {
  if (trace.mode !== "lines" || !trace.line.width || trace.fill) return trace;
  const size = trace.y.map((value, at) => (alone(trace.y, at) ? DOT * trace.line.width : 0));
  if (!size.some(Boolean)) return trace;
  return { ...trace, mode: "lines+markers", marker: { color: trace.line.color, opacity: 1, size } };
}

const alone = (values, at) =>
  values[at] !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;

async function plot(chart) {
  chart.stale = false;
  let Plotly;
  try {
    Plotly = await load();
    if (chart.kind === "strip" && chart.names) await nameStrokes(chart);
  } catch {
    return; // the picture stays
  }
  if (!chart.live) {
    chart.live = document.createElement("div");
    chart.live.className = "live";
    chart.box.append(chart.live);
  }
  const config = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false };
  await Plotly.react(chart.live, ...dressed(chart.figure, dark.matches ? coloured : structuredClone), config);
  if (!chart.stale) chart.place.classList.add("drawn");
}

async function nameStrokes(chart) {
  const strokes = chart.figure.data.find((trace) => trace.meta === "councils");
  if (strokes.text) return;
  const named = await chart.names();
  strokes.x = named.map((one) => one.value);
  strokes.y = named.map(() => 0.5);
  strokes.text = named.map((one) => one.text);
}

// The picture changes at once, and stands for the chart until plotly has followed: after the next
// frame where somebody looks, one chart at a time, and elsewhere when they do.
export function redraw(chart, { title, subtitle, alt, change }) {
  chart.place.querySelector("figcaption strong").textContent = title;
  chart.place.querySelector("figcaption span").textContent = subtitle;
  chart.box.setAttribute("aria-label", alt);
  change(chart.figure);
  draw(chart.box.querySelector(".picture"), chart.figure);
  chart.stale = true;
  chart.place.classList.remove("drawn");
  if (chart.near) follow(chart);
}

const following = new Set();

function follow(chart) {
  if (!following.size) requestAnimationFrame(() => setTimeout(next));
  following.add(chart);
}

async function next() {
  const [chart] = following;
  if (!chart) return;
  // Taken out first: a choice made while it is drawn puts it in again.
  following.delete(chart);
  if (chart.stale) await plot(chart);
  if (following.size) setTimeout(next);
}

// --- a picture to take away -----------------------------------------------------

const WIDTH = 900;
const EDGE = 24;
const SCALE = 2;
const FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';

// The chart on white paper, with its title above and its source below.
export async function picture(chart, source) {
  const Plotly = await load();
  const [data, layout] = dressed(chart.figure, structuredClone);
  const height = layout.height ?? settings.template.layout.height;
  const drawn = new Image();
  drawn.src = await Plotly.toImage(
    { data, layout },
    { format: "png", width: WIDTH - 2 * EDGE, height, scale: SCALE },
  );
  await drawn.decode();
  const caption = chart.place.querySelector("figcaption");
  const blocks = [
    { words: caption.querySelector("strong").textContent, size: 20, weight: 700, colour: "#1a1f24" },
    { words: caption.querySelector("span").textContent, size: 15, weight: 400, colour: "#4f585f" },
    { words: source, size: 13, weight: 400, colour: "#4f585f" },
  ];
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  for (const block of blocks) {
    pen.font = `${block.weight} ${block.size}px ${FAMILY}`;
    block.lines = broken(pen, block.words, WIDTH - 2 * EDGE);
    block.tall = block.lines.length * block.size * 1.35 + 6;
  }
  const [title, subtitle, below] = blocks;
  canvas.width = WIDTH * SCALE;
  canvas.height = (2 * EDGE + title.tall + subtitle.tall + height + below.tall) * SCALE;
  pen.scale(SCALE, SCALE);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  let top = EDGE;
  const write = ({ lines, size, weight, colour, tall }) => {
    pen.font = `${weight} ${size}px ${FAMILY}`;
    pen.fillStyle = colour;
    pen.textBaseline = "top";
    lines.forEach((line, at) => pen.fillText(line, EDGE, top + at * size * 1.35));
    top += tall;
  };
  write(title);
  write(subtitle);
  pen.drawImage(drawn, EDGE, top, WIDTH - 2 * EDGE, height);
  top += height + 6;
  write(below);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function broken(pen, words, width) {
  const lines = [""];
  for (const word of words.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (pen.measureText(longer).width > width && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

dark.addEventListener("change", () => {
  for (const chart of mounted.values()) {
    chart.stale = true;
    if (chart.near) plot(chart);
  }
});
