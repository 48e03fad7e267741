// One measure of several places over time, as lines; or at its latest period, as bars.
import { make } from "./picker.js";
import { draw } from "./picture.js";
import { written } from "./words.js";

// No two places share both: whoever sees no colours tells them by their dashes, and each is named at
// its end.
const ROLES = ["value", "target", "england", "ink"];
const DASHES = ["solid", "dash", "dot", "longdash"];
const role = (at) => ROLES[at % ROLES.length];
const dash = (at) => DASHES[(at + Math.floor(at / ROLES.length)) % DASHES.length];
const LINE = 19; // pixels that a name needs
const LETTERS = 15; // that fit beside a line

// Five ticks at equal round steps that hold all values; `whole` where only whole numbers are told.
export function axis(values) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const zero = low >= 0 && low < (high - low) * 3;
  const from = zero ? 0 : low;
  const raw = (high - from || Math.abs(high) || 1) / 4;
  const scale = 10 ** Math.floor(Math.log10(raw));
  for (const step of [1, 2, 2.5, 5, 10, 20, 25, 50].map((one) => one * scale)) {
    if (step < raw * 0.999) continue;
    const start = Math.floor(from / step + 1e-9) * step;
    if (start + 4 * step >= high - 1e-9 * step) return [0, 1, 2, 3, 4].map((at) => Number((start + at * step).toPrecision(12)));
  }
  return [from, high];
}

// Names that would stand on each other are moved apart, as little as may be.
function apart(places, gap, [low, high]) {
  const order = places.map((y, at) => ({ y, at })).sort((a, b) => a.y - b.y);
  for (let turn = 0; turn < 60; turn++) {
    for (let at = 1; at < order.length; at++) {
      const lack = gap - (order[at].y - order[at - 1].y);
      if (lack > 0) {
        order[at].y += lack / 2;
        order[at - 1].y -= lack / 2;
      }
    }
    if (order.length) order[0].y = Math.max(order[0].y, low);
    if (order.length) order.at(-1).y = Math.min(order.at(-1).y, high);
  }
  const made = [];
  for (const { y, at } of order) made[at] = y;
  return made;
}

function short(name) {
  const plain = name.replace(" (region)", "");
  return plain.length > LETTERS ? `${plain.slice(0, LETTERS - 1).trim()}…` : plain;
}

// The picture's texts are read as plotly's, which have character references in them.
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export function lines(block, places) {
  const shown = places.flatMap((place, at) => {
    const line = block.areas[place.code];
    return line?.some((value) => value !== null) ? [{ place, at, line }] : [];
  });
  const all = shown.flatMap(({ line }) => line.filter((value) => value !== null));
  const ticks = axis(all);
  const first = block.times[0];
  const last = block.times.at(-1);
  const height = Math.max(300, 60 + shown.length * LINE);
  const range = [ticks[0], ticks.at(-1)];
  const gap = ((range[1] - range[0]) * LINE) / (height - 44);
  const ends = shown.map(({ line }) => line.findLast((value) => value !== null));
  const labels = apart(ends, gap, range);
  const figure = {
    data: shown.map(({ at, line }) => ({
      meta: role(at),
      mode: "lines",
      x: block.times,
      y: line,
      line: { width: 2.5, dash: dash(at) },
    })),
    layout: {
      xaxis: {
        range: first === last ? [first - 0.5, last + 0.5] : [first, last],
        tickvals: first === last ? [first] : [first, last],
        ticktext: first === last ? [block.periods[0]] : [block.periods[0], block.periods.at(-1)],
      },
      yaxis: { range, tickvals: ticks, ticktext: ticks.map((tick) => escaped(written(rounder(block, ticks), tick))) },
      shapes: [],
      annotations: shown.map(({ place, at }, number) => ({
        // Its underline is drawn as the line is.
        name: `line t-${role(at)} dash-${dash(at)}`,
        x: 1,
        xref: "paper",
        y: labels[number],
        text: escaped(short(place.name)),
        xanchor: "left",
        xshift: 8,
        align: "left",
      })),
    },
  };
  const plot = make("div", { className: "plot plot-lines" }, { role: "img" });
  const from = block.periods.length > 1 ? `from ${block.periods[0]} to ${block.periods.at(-1)}` : `in ${block.periods[0]}`;
  plot.setAttribute("aria-label", `${block.short} ${from}. ${shown.map(({ place }, at) => `${place.name}: ${written(block, ends[at])} at the end`).join(". ")}.`);
  plot.style.setProperty("--tall", `${height}px`);
  plot.style.setProperty("--inset", "12px 136px 32px 66px");
  const picture = make("div", { className: "picture" });
  plot.append(picture);
  draw(picture, figure);
  return plot;
}

// An axis needs as many decimals as its steps have.
function rounder(block, ticks) {
  if (block.scale) return block;
  const [before, , after, one] = block.write;
  const decimals = Math.max(...ticks.map((tick) => (String(Number(tick.toPrecision(6))).split(".")[1] ?? "").length));
  return { write: [before, Math.min(decimals, 3), after, one] };
}

export function bars(block, places) {
  const rows = places.map((place) => ({ place, value: block.areas[place.code]?.at(-1) ?? null }));
  const values = rows.map(({ value }) => value).filter((value) => value !== null);
  const low = Math.min(0, ...values);
  const span = Math.max(0, ...values) - low || 1;
  const list = make("dl", { className: "bars" });
  for (const { place, value } of rows) {
    const said = make("dd", {});
    if (value === null) said.append(make("span", { className: "lacking", textContent: block.why[block.lacking[place.code]] ?? "no figure" }));
    else {
      const track = make("span", { className: "track" }, { "aria-hidden": "true" });
      const bar = make("span", { className: "bar-of" });
      bar.style.insetInlineStart = `${((Math.min(0, value) - low) / span) * 100}%`;
      bar.style.width = `${(Math.abs(value) / span) * 100}%`;
      track.append(bar);
      said.append(track, make("span", { className: "number", textContent: written(block, value) }));
    }
    list.append(make("dt", { textContent: place.name }), said);
  }
  return list;
}
