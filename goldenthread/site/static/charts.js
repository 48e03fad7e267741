// Charts as figures made in Python: a picture at once, and plotly when one is about to be seen.
import { draw } from "./picture.js";
import settings from "./settings.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
const mounted = new Map();
let plotly;

function load() {
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(settings.plotly, import.meta.url);
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("plotly.js could not be loaded"));
    document.head.append(script);
  });
  return plotly;
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      const chart = mounted.get(target);
      chart.wanted = true;
      plot(chart);
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
    wanted: false,
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

async function plot(chart) {
  if (!chart.wanted) return;
  let Plotly;
  try {
    Plotly = await load();
    if (chart.kind === "strip" && chart.names) await nameStrokes(chart);
  } catch {
    return; // the picture stays
  }
  const { data, layout } = dark.matches ? coloured(chart.figure) : structuredClone(chart.figure);
  const template = layout.template ?? (dark.matches ? coloured(settings.template) : settings.template);
  if (!chart.live) {
    chart.live = document.createElement("div");
    chart.live.className = "live";
    chart.box.append(chart.live);
  }
  const config = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false };
  await Plotly.react(chart.live, data, { ...layout, template, dragmode: false }, config);
  chart.place.classList.add("drawn");
}

async function nameStrokes(chart) {
  const strokes = chart.figure.data.find((trace) => trace.meta === "councils");
  const named = await chart.names();
  strokes.x = named.map((one) => one.value);
  strokes.y = named.map(() => 0.5);
  strokes.text = named.map((one) => one.text);
}

export async function redraw(chart, { title, subtitle, alt, change }) {
  chart.place.querySelector("figcaption strong").textContent = title;
  chart.place.querySelector("figcaption span").textContent = subtitle;
  chart.box.setAttribute("aria-label", alt);
  try {
    await change(chart.figure);
  } catch {
    return; // without the list of councils the strokes stay as they are
  }
  draw(chart.box.querySelector(".picture"), chart.figure);
  await plot(chart);
}

dark.addEventListener("change", () => mounted.forEach(plot));
