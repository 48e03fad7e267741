// Draws a scene by the rules of goldenthread/site/try_picture.py.
const SVG = "http://www.w3.org/2000/svg";
const HALVES = { left: "0%", middle: "-50%", right: "-100%" };
const pair = ([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`;
const through = (points) => `M${points.map(pair).join("L")}`;

export function draw(place, { marks, labels }) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("preserveAspectRatio", "none");
  for (const { shape, part, points, width } of marks) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", `t-${part} ${shape}`);
    path.setAttribute("d", along(shape, points));
    path.setAttribute("stroke-width", width);
    svg.append(path);
  }
  const words = labels.map(({ x, y, text, at, own }) => {
    const span = document.createElement("span");
    span.className = own ? "label l-council" : "label";
    span.style.left = `${x.toFixed(2)}%`;
    span.style.top = `${y.toFixed(2)}%`;
    span.style.transform = `translate(${HALVES[at]},-50%)`;
    span.textContent = text;
    return span;
  });
  place.replaceChildren(svg, ...words);
}

function along(shape, points) {
  if (shape === "dots") return points.map((point) => `M${pair(point)}h0`).join("");
  if (shape === "strokes") return points.map((point, place) => (place % 2 ? "" : through(points.slice(place, place + 2)))).join("");
  return through(points) + (shape === "area" ? "Z" : "");
}
