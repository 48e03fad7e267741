// Redraws a trend's or a strip's picture from its figure, by the rules of goldenthread/charts/picture.py.
import settings from "./settings.js";

const SVG = "http://www.w3.org/2000/svg";
const fixed = (number) => number.toFixed(2);
const ACROSS = { left: "0%", center: "-50%", right: "-100%" };
const DOWN = { top: "0%", middle: "-50%", bottom: "-100%" };
// How much wider than its line a dot is.
export const DOT = 2.4;
const DASHES = { dot: [1, 1], dash: [3, 3], longdash: [5, 5] };

export function draw(place, { data, layout }) {
  const [x0, x1] = layout.xaxis.range;
  const [y0, y1] = layout.yaxis.range;
  const across = (x, ref) => (ref === "paper" ? x : (x - x0) / (x1 - x0)) * 100;
  const down = (y, ref) => (ref === "paper" ? 1 - y : (y1 - y) / (y1 - y0)) * 100;

  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("preserveAspectRatio", "none");
  const add = (name, attributes) => {
    const shape = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined) shape.setAttribute(key, value);
    }
    svg.append(shape);
  };
  const path = (names, kind, d, line, opacity) => {
    const classes = names.split(" ").map((name) => `t-${name}`);
    add("path", { class: [...classes, kind].join(" "), d, ...strokes(line), opacity });
  };
  for (const y of layout.yaxis.tickvals ?? []) {
    add("line", { x1: 0, x2: 100, y1: fixed(down(y)), y2: fixed(down(y)), class: "grid" });
  }
  let below = [];
  for (const { meta, mode, fill, line, marker, x, y } of data) {
    const points = x.map((value, index) =>
      value === null || y[index] === null ? null : [across(value), down(y[index])],
    );
    if (fill === "tonexty") path(meta, "area", between(below, points));
    else if (fill === "toself") path(meta, "area", runs(points).map(polygon).join(""), line);
    else if (mode.startsWith("lines") && line.width !== 0) {
      path(meta, "line", along(points), line);
      const dots = mode === "lines" && lone(points);
      if (dots) path(meta, "line dots", dots, { width: DOT * line.width });
    }
    else if (mode === "markers") {
      const half = ((marker.size / 2) * 1.4 * 100) / inside(layout);
      path(meta, "line", upright(points, half), marker.line, marker.opacity);
    }
    below = points;
  }
  for (const { name, line, x0: left, x1: right, y0: foot, y1: top, xref, yref } of layout.shapes ?? []) {
    const d = `M${fixed(across(left, xref))} ${fixed(down(foot, yref))}`;
    path(name, "line", `${d}L${fixed(across(right, xref))} ${fixed(down(top, yref))}`, line);
  }

  const texts = [];
  const text = (kind, top, left, words) => {
    const span = document.createElement("span");
    span.className = kind;
    if (top !== null) span.style.top = `${fixed(top)}%`;
    if (left !== null) span.style.left = `${fixed(left)}%`;
    words.split("<br>").forEach((part, index) => span.append(...(index ? [document.createElement("br")] : []), read(part)));
    texts.push(span);
    return span;
  };
  const { xaxis, yaxis } = layout;
  yaxis.tickvals?.forEach((y, index) => text("tick-y", down(y), null, yaxis.ticktext[index]));
  xaxis.tickvals?.forEach((x, index) => text("tick-x", null, across(x), xaxis.ticktext[index]));
  for (const label of layout.annotations ?? []) {
    if (label.visible === false) continue;
    const span = text(`label l-${label.name}`, down(label.y, label.yref), across(label.x, label.xref), label.text);
    const right = `calc(${ACROSS[label.xanchor]} + ${label.xshift ?? 0}px)`;
    span.style.transform = `translate(${right}, calc(${DOWN[label.yanchor ?? "middle"]} - ${label.yshift ?? 0}px))`;
    span.style.textAlign = label.align ?? "center";
  }
  place.replaceChildren(svg, ...texts);
}

// How high the inside of the plot is, as plotly has it from the figure or else from the template.
function inside({ height, margin }) {
  const usual = settings.template.layout;
  const { t, b } = { ...usual.margin, ...margin };
  return (height ?? usual.height) - t - b;
}

// Plotly's texts have character references in them.
function read(words) {
  const reader = document.createElement("textarea");
  reader.innerHTML = words;
  return reader.value;
}

function strokes({ width, dash } = {}) {
  const parts = DASHES[dash]?.map((part) => part * Math.max(width, 3));
  return { "stroke-width": width, "stroke-dasharray": parts?.join(" ") };
}

const along = (points) => runs(points).filter((run) => run.length > 1).map(drawn).join("");

// A point between gaps, which no line leads to, is a dot.
const lone = (points) =>
  runs(points).filter((run) => run.length === 1).map((run) => `${drawn(run)}h0`).join("");

// What stands between gaps.
function runs(points) {
  const found = [[]];
  for (const point of points) {
    if (point) found.at(-1).push(point);
    else found.push([]);
  }
  return found.filter((run) => run.length);
}

// A gap in either line is a gap in the area between them.
function between(lower, upper) {
  const pairs = upper.map((high, index) => (high && lower[index] ? [high, lower[index]] : null));
  return runs(pairs)
    .map((run) => polygon([...run.map(([high]) => high), ...run.map(([, low]) => low).reverse()]))
    .join("");
}

const drawn = (points) => `M${points.map(([x, y]) => `${fixed(x)} ${fixed(y)}`).join("L")}`;
const polygon = (points) => `${drawn(points)}Z`;
const upright = (points, half) =>
  points.filter(Boolean).map(([x, y]) => `M${fixed(x)} ${fixed(y - half)}v${fixed(2 * half)}`).join("");
