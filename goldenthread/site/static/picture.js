// Redraws a chart's picture from its figure, by the rules of goldenthread/charts/picture.py.
const SVG = "http://www.w3.org/2000/svg";
const fixed = (number) => number.toFixed(2);

export function draw(place, { data, layout }) {
  const [x0, x1] = layout.xaxis.range;
  const [y0, y1] = layout.yaxis.range;
  const across = (x) => ((x - x0) / (x1 - x0)) * 100;
  const down = (y) => ((y1 - y) / (y1 - y0)) * 100;

  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("preserveAspectRatio", "none");
  const add = (name, attributes) => {
    const shape = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    svg.append(shape);
  };
  for (const y of layout.yaxis.tickvals ?? []) {
    add("line", { x1: 0, x2: 100, y1: fixed(down(y)), y2: fixed(down(y)), class: "grid" });
  }
  let below = [];
  for (const trace of data) {
    const points = trace.x.map((x, index) =>
      x === null || trace.y[index] === null ? null : [across(x), down(trace.y[index])],
    );
    const present = points.filter(Boolean);
    const path =
      trace.fill === "tonexty" ? area(below, present) : trace.mode === "lines" ? line(points) : marks(present);
    add("path", { class: `t-${trace.meta}`, d: path });
    below = present;
  }

  const texts = [];
  const text = (kind, top, left, words) => {
    const span = document.createElement("span");
    span.className = kind;
    if (top !== null) span.style.top = `${fixed(top)}%`;
    if (left !== null) span.style.left = `${fixed(left)}%`;
    words.split("<br>").forEach((part, index) => span.append(...(index ? [document.createElement("br")] : []), part));
    texts.push(span);
  };
  const { xaxis, yaxis } = layout;
  yaxis.tickvals?.forEach((y, index) => text("tick-y", down(y), null, yaxis.ticktext[index]));
  xaxis.tickvals?.forEach((x, index) => text("tick-x", null, across(x), xaxis.ticktext[index]));
  for (const label of layout.annotations ?? []) {
    if (label.visible === false) continue;
    text(`label l-${label.name} ${label.xanchor}`, down(label.y), across(label.x), label.text);
  }
  place.replaceChildren(svg, ...texts);
}

function line(points) {
  let pen = "M";
  return points
    .map((point, index) => {
      if (!point) {
        pen = "M";
        return "";
      }
      const alone = pen === "M" && !points[index + 1];
      const step = `${pen}${fixed(point[0])} ${fixed(point[1])}${alone ? "h0" : ""}`;
      pen = "L";
      return step;
    })
    .join("");
}

function area(lower, upper) {
  const around = [...upper, ...[...lower].reverse()];
  return around.length ? `M${around.map(([x, y]) => `${fixed(x)} ${fixed(y)}`).join("L")}Z` : "";
}

const marks = (points) => points.map(([x, y]) => `M${fixed(x)} ${fixed(y - 22)}v44`).join("");
