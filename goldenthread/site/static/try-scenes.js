// What is seen in each thing to try, by the rules of goldenthread/site/try_scenes.py: a function for
// each kind, which takes its figures and where the controls stand.
import { chance, mean, number, ordinal, rounded, standing, sum, wilson, xmr } from "./try-methods.js";

const BARS = [36, 84];
const between = (value, low, high, first, last) => first + ((value - low) / (high - low)) * (last - first);
const up = (value) => between(value, 0, 100, 88, 5);
const perCent = (value, decimals = 0) => `${number(value, decimals)}%`;
const whole = (value, unit = "%") => number(value, 1).replace(/\.0$/, "") + unit;
const range = ([lower, upper]) => `${perCent(lower)} to ${perCent(upper)}`;
const pounds = (value) => `£${number(value, 0)}`;
const mark = (shape, part, points, width = 2) => ({ shape, part, points, width });
const label = (x, y, text, at = "left", own = false) => ({ x, y, text, at, own });

function change(value, decimals = 1) {
  const shown = rounded(value, decimals);
  return `${shown > 0 ? "+" : ""}${number(shown, decimals)}`;
}

function bars(names, values, texts, owns, most = Math.max(...values)) {
  const [start, end] = BARS;
  const downs = names.map((_, place) => between(place + 0.5, 0, names.length, 0, 100));
  const ends = values.map((value) => between(value, 0, most, start, end));
  return {
    marks: ends.map((x, place) => mark("strokes", owns[place] ? "council" : "other", [[start, downs[place]], [x, downs[place]]], 18)),
    labels: names.flatMap((name, place) => [
      label(0, downs[place], name, "left", owns[place]),
      label(ends[place] + 2, downs[place], texts[place], "left", owns[place]),
    ]),
  };
}

function denominator(data, { by }) {
  const chosen = data.alternatives[by];
  const rate = (row) => (row.count / (by === "count" ? 1 : row[by])) * chosen.per;
  const rows = [...data.councils].sort((one, other) => rate(one) - rate(other));
  const values = rows.map(rate);
  const texts = values.map((value) => number(value, chosen.decimals));
  const owns = rows.map((row) => row.name === data.own);
  const own = owns.indexOf(true);
  return {
    ...bars(rows.map((row) => row.name), values, texts, owns),
    says: by === "count" ? "count" : "rate",
    values: {
      count: number(rows[own].count, 0),
      value: texts[own],
      unit: chosen.unit,
      place: ordinal(standing(values, "low")[own].first),
      of: `${rows.length}`,
    },
    rows: rows.map((row, place) => [row.name, number(row.count, 0), texts[place]]),
  };
}

function smallNumbers(data, { people, draw }) {
  const drawn = chance(data.seed + 7919 * draw);
  const years = Array.from({ length: data.years }, (_, year) => year);
  const counts = years.map(() => drawn.count(people, data.share / 100));
  const across = years.map((year) => between(year, 0, data.years - 1, 12, 96));
  const values = counts.map((count) => (count / people) * 100);
  const ranges = counts.map((count) => wilson(count, people));
  const dots = values.map((value, year) => [across[year], up(value)]);
  return {
    marks: [
      mark("strokes", "limit", ranges.flatMap((limits, year) => limits.map((limit) => [across[year], up(limit)]))),
      mark("dashes", "target", [[10, up(data.share)], [98, up(data.share)]]),
      mark("dots", "other", dots.slice(0, -1), 10),
      mark("dots", "council", dots.slice(-1), 13),
    ],
    labels: [
      ...[0, data.share, 100].map((value) => label(8, up(value), `${value}%`, "right")),
      label(across.at(-1), 97, ordinal(data.years), "middle", true),
      ...[0, 4].map((year) => label(across[year], 97, ordinal(year + 1), "middle")),
    ],
    says: "drawn",
    values: {
      people: number(people, 0),
      lowest: perCent(Math.min(...values)),
      highest: perCent(Math.max(...values)),
      value: perCent(values.at(-1)),
      lower: perCent(ranges.at(-1)[0]),
      upper: perCent(ranges.at(-1)[1]),
    },
    rows: years.map((year) => [`${year + 1}`, number(counts[year], 0), perCent(values[year]), range(ranges[year])]),
  };
}

function controlLimits(data, { series, value }) {
  const usual = data[series];
  const lines = xmr(usual);
  const floor = Math.max(lines.lower, 0);
  const last = usual.length;
  const at = (month, days) => [between(month, 0, last, 10, 97), between(days, 0, data.top, 88, 4)];
  const points = [...usual, value].map((days, month) => at(month, days));
  const says = value > lines.upper ? "above" : value < lines.lower ? "below" : "inside";
  const [lower, centre, upper] = [floor, lines.centre, lines.upper].map((line) => number(line, 1));
  return {
    marks: [
      ...[lines.upper, floor].map((line) => mark("dashes", "limit", [at(0, line), at(last, line)])),
      mark("line", "limit", [at(0, lines.centre), at(last, lines.centre)], 1),
      mark("line", "other", points),
      mark("dots", "other", points.slice(0, -1), 7),
      mark("dots", says === "inside" ? "council" : "concerning", points.slice(-1), 15),
    ],
    labels: [
      ...[0, 30, 60].map((days) => label(8, at(0, days)[1], `${days}`, "right")),
      label(10, at(0, lines.upper)[1] - 5, upper),
      label(10, at(0, floor)[1] + 5, lower),
      ...[1, 12].map((month) => label(at(month - 1, 0)[0], 97, `${month}`, "middle")),
      label(at(last, 0)[0], 97, `${last + 1}`, "middle", true),
    ],
    says,
    values: { value: number(value, 0), lower, upper },
    rows: [[series, centre, lower, upper, number(value, 0)]],
  };
}

function twoPoints(data, state) {
  const { values, low, high } = data;
  const [first, second] = [state.first - 1, state.second - 1].sort((one, other) => one - other);
  const down = (value) => between(value, low, high, 86, 6);
  const points = values.map((value, year) => [between(year, 0, values.length - 1, 11, 96), down(value)]);
  const changes = values.flatMap((before, year) => values.slice(year + 1).map((after) => after - before));
  const [before, after] = [values[first], values[second]];
  const rises = `${changes.filter((by) => by > 0).length}`;
  const falls = `${changes.filter((by) => by < 0).length}`;
  const ends = [points[first], points[second]];
  const says = after > before ? "rise" : after < before ? "fall" : "same";
  return {
    marks: [mark("line", "other", points), mark("dots", "other", points, 8), mark("line", "council", ends, 4), mark("dots", "council", ends, 14)],
    labels: [
      ...[low, high].map((value) => label(9, down(value), `${value}%`, "right")),
      ...points.map(([x], year) => label(x, 96, `${year + 1}`, "middle", year === first || year === second)),
    ],
    says: first === second ? "one" : says,
    values: {
      first: `${first + 1}`,
      second: `${second + 1}`,
      before: perCent(before),
      after: perCent(after),
      pairs: `${changes.length}`,
      rises,
      falls,
    },
    rows: [[`${first + 1}`, `${second + 1}`, change(after - before, 0), rises, falls]],
  };
}

function target(data, { target: wanted, tolerance }) {
  const { values, low, high, colours } = data;
  const parts = { met: "england", near: "amber", missed: "target" };
  const verdicts = values.map((value) => (value >= wanted ? "met" : value >= wanted - tolerance ? "near" : "missed"));
  const down = (value) => between(value, low, high, 86, 4);
  const points = values.map((value, month) => [between(month, 0, values.length - 1, 13, 96), down(value)]);
  const line = down(wanted);
  const edge = down(Math.max(wanted - tolerance, low));
  return {
    marks: [
      mark("area", "band", [[10, line], [98, line], [98, edge], [10, edge]], 0),
      mark("dashes", "ink", [[10, line], [98, line]]),
      ...Object.entries(parts).map(([verdict, part]) => mark("dots", part, points.filter((_, month) => verdicts[month] === verdict), 14)),
    ],
    labels: [
      ...[60, 80, 100].map((value) => label(9, down(value), `${value}%`, "right")),
      ...points.map(([x], month) => label(x, 96, colours[verdicts[month]][0], "middle")),
    ],
    says: "colours",
    values: {
      target: perCent(wanted),
      tolerance: number(tolerance, 0),
      mean: perCent(mean(values), 1),
      ...Object.fromEntries(
        Object.entries(colours).map(([verdict, colour]) => [colour.toLowerCase(), `${verdicts.filter((one) => one === verdict).length}`]),
      ),
    },
    rows: values.map((value, month) => [`${month + 1}`, perCent(value), colours[verdicts[month]]]),
  };
}

function rank(data, { share }) {
  const rows = [...data.others, { name: data.own, share }].sort((one, other) => other.share - one.share);
  const ranges = rows.map((row) => wilson((row.share / 100) * data.asked, data.asked));
  const stands = standing(rows.map((row) => row.share), "high");
  const own = rows.findIndex((row) => row.name === data.own);
  const [lower, upper] = ranges[own];
  const overlap = ranges.filter(([low, high]) => low <= upper && high >= lower).length - 1;
  const across = (value) => between(value, data.low, data.high, 40, 98);
  const downs = rows.map((_, place) => between(place + 0.5, 0, rows.length, 0, 100));
  const dots = rows.map((row, place) => [across(row.share), downs[place]]);
  const places = stands.map(({ first, last }) => `${first}${last > first ? "=" : ""}`);
  return {
    marks: [
      mark("area", "band", [[across(lower), 0], [across(upper), 0], [across(upper), 100], [across(lower), 100]], 0),
      mark("strokes", "limit", ranges.flatMap((limits, place) => limits.map((limit) => [across(limit), downs[place]]))),
      mark("dots", "other", dots.filter((_, place) => place !== own), 9),
      mark("dots", "council", [dots[own]], 13),
    ],
    labels: rows.flatMap((row, place) => [
      label(8, downs[place], places[place], "right", place === own),
      label(11, downs[place], row.name, "left", place === own),
    ]),
    says: stands[own].last > stands[own].first ? "joint" : "alone",
    values: {
      value: perCent(share),
      first: ordinal(stands[own].first),
      last: ordinal(stands[own].last),
      of: `${rows.length}`,
      lower: perCent(lower),
      upper: perCent(upper),
      overlap: `${overlap}`,
      others: `${rows.length - 1}`,
    },
    rows: rows.map((row, place) => [places[place], row.name, perCent(row.share), range(ranges[place])]),
  };
}

function average(data, { share, homes }) {
  const towns = [...data.towns, { name: data.own, homes, share }];
  const all = sum(towns.map((town) => town.homes));
  const whole = sum(towns.map((town) => town.homes * town.share)) / all;
  const rows = [...towns, { name: data.whole, homes: all, share: whole }];
  const gap = rounded(Math.abs(share - whole), 1);
  const texts = rows.map((row) => perCent(row.share, row.name === data.whole ? 1 : 0));
  const drawn = bars(rows.map((row) => row.name), rows.map((row) => row.share), texts, rows.map((row) => row.name === data.own), 100);
  const at = between(whole, 0, 100, ...BARS);
  return {
    marks: [...drawn.marks, mark("dashes", "target", [[at, 0], [at, 100]])],
    labels: drawn.labels,
    says: gap === 0 ? "same" : share < whole ? "below" : "above",
    values: { share: perCent(share), gap: number(gap, 1), mean: perCent(whole, 1), step: number((10 * homes) / all, 1) },
    rows: rows.map((row, place) => [row.name, number(row.homes, 0), texts[place]]),
  };
}

function mix(data, { better, complex: share }) {
  const total = (kinds, part) => (kinds.simple * (100 - part) + kinds.complex * part) / 100;
  const before = { simple: data.simple, complex: data.complex };
  const after = { simple: data.simple + better, complex: data.complex + better };
  before.all = total(before, data.share);
  after.all = total(after, share);
  const by = rounded(after.all - before.all, 1);
  const parts = Object.entries({ simple: "england", complex: "neutral", all: "council" });
  const down = (value) => between(value, data.low, data.high, 98, 8);
  return {
    marks: parts.flatMap(([kind, part]) => {
      const points = [[14, down(before[kind])], [54, down(after[kind])]];
      return [mark("line", part, points, kind === "all" ? 4 : 2), mark("dots", part, points, kind === "all" ? 12 : 9)];
    }),
    labels: [
      label(14, 3, data.columns[1], "middle"),
      label(54, 3, data.columns[2], "middle"),
      ...parts.flatMap(([kind]) => [
        label(11, down(before[kind]), whole(before[kind]), "right", kind === "all"),
        label(57, down(after[kind]), `${whole(after[kind])} ${data.short[kind]}`, "left", kind === "all"),
      ]),
    ],
    says: by === 0 ? "same" : by > 0 ? "better" : "worse",
    values: {
      better: number(better, 0),
      change: whole(Math.abs(by), ""),
      before: whole(before.all),
      after: whole(after.all),
      was: perCent(data.share),
      share: perCent(share),
    },
    rows: parts.map(([kind]) => [data.names[kind], whole(before[kind]), whole(after[kind]), change(after[kind] - before[kind])]),
  };
}

function regression(data, { worst, chance: share, draw }) {
  const drawn = chance(data.seed + 7919 * draw);
  const part = share / 100;
  const pairs = Array.from({ length: data.councils }, () => {
    const lasting = data.middle + data.spread * Math.sqrt(1 - part) * drawn.normal();
    const year = () => lasting + data.spread * Math.sqrt(part) * drawn.normal();
    return [year(), year()];
  }).sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const means = (some) => [0, 1].map((year) => mean(some.map((pair) => pair[year])));
  const line = (pair) => pair.map((value, year) => [[22, 80][year], between(value, data.low, data.high, 98, 10)]);
  const [bad, rest] = [pairs.slice(0, worst), pairs.slice(worst)];
  const [picked, others] = [means(bad), means(rest)];
  const ends = line(picked);
  return {
    marks: [
      mark("strokes", "band", rest.flatMap(line), 1.5),
      mark("dots", "other", rest.flatMap(line), 6),
      mark("strokes", "concerning", bad.flatMap(line), 1.5),
      mark("dots", "concerning", bad.flatMap(line), 8),
      mark("line", "council", ends, 5),
      mark("dots", "council", ends, 13),
    ],
    labels: [
      label(22, 3, data.columns[1], "middle"),
      label(80, 3, data.columns[2], "middle"),
      label(18, ends[0][1], number(picked[0], 1), "right", true),
      label(84, ends[1][1], number(picked[1], 1), "left", true),
    ],
    says: "moved",
    values: {
      worst: `${worst}`,
      before: number(picked[0], 1),
      after: number(picked[1], 1),
      change: change(picked[1] - picked[0]),
      others_before: number(others[0], 1),
      others_after: number(others[1], 1),
    },
    rows: Object.entries({ worst: picked, others }).map(([name, pair]) => [
      data.names[name],
      ...pair.map((value) => number(value, 1)),
      change(pair[1] - pair[0]),
    ]),
  };
}

function moneyAndResult(data, { cost, share }) {
  const rows = [{ name: data.own, cost, share }, ...data.others];
  const results = rows.map((row) => (row.cost / row.share) * 100);
  const points = rows.map((row) => [between(row.cost, data.left, data.right, 12, 98), between(row.share, data.low, data.high, 86, 8)]);
  return {
    marks: [
      mark("line", "limit", [[12, 8], [12, 86], [98, 86]], 1),
      mark("dots", "other", points.slice(1), 11),
      mark("dots", "council", points.slice(0, 1), 15),
    ],
    labels: [
      label(0, 2, data.up),
      label(98, 98, data.across, "right"),
      ...rows.map((row, place) => label(points[place][0], points[place][1] + (place ? -7 : 7), row.name, "middle", !place)),
    ],
    says: "value",
    values: {
      cost: pounds(cost),
      cost_place: ordinal(standing(rows.map((row) => row.cost), "low")[0].first),
      share: perCent(share),
      per_result: pounds(results[0]),
      result_place: ordinal(standing(results, "low")[0].first),
      of: `${rows.length}`,
    },
    rows: rows.map((row, place) => [row.name, pounds(row.cost), perCent(row.share), pounds(results[place])]),
  };
}

export const scenes = {
  denominator,
  "small-numbers": smallNumbers,
  "control-limits": controlLimits,
  "two-points": twoPoints,
  target,
  rank,
  average,
  mix,
  regression,
  "money-and-result": moneyAndResult,
};
