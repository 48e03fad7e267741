// The methods that things to try need, as goldenthread.analysis and goldenthread.writing have them.

// Numbers by chance from a seed, as goldenthread/site/try_chance.py gives them (Mulberry32).
export function chance(seed) {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const repeat = (times, take) => {
    let sum = 0;
    for (let time = 0; time < times; time += 1) sum += take(next());
    return sum;
  };
  return {
    count: (of, share) => repeat(of, (drawn) => (drawn < share ? 1 : 0)),
    normal: () => repeat(12, (drawn) => drawn) - 6,
  };
}

// Wilson's limits of a share at 95%, in per cent.
export function wilson(count, of) {
  const z = 1.959963984540054;
  const share = count / of;
  const middle = 2 * count + z ** 2;
  const width = z * Math.sqrt(z ** 2 + 4 * count * (1 - share));
  const scale = 2 * (of + z ** 2);
  return [Math.min(Math.max((middle - width) / scale, 0), share), Math.max(Math.min((middle + width) / scale, 1), share)].map(
    (limit) => 100 * limit,
  );
}

// The lines of an XmR chart: the mean, and 2.66 mean moving ranges below and above it.
export function xmr(values) {
  const centre = mean(values);
  const width = 2.66 * mean(values.slice(1).map((value, place) => Math.abs(value - values[place])));
  return { centre, lower: centre - width, upper: centre + width };
}

// First and last place of each value, the best first; equals share their places.
export function standing(values, polarity) {
  const sign = polarity === "high" ? 1 : -1;
  return values.map((value) => {
    const better = values.filter((other) => sign * (other - value) > 0).length;
    return { first: better + 1, last: better + values.filter((other) => other === value).length };
  });
}

export const sum = (values) => values.reduce((total, value) => total + value, 0);
export const mean = (values) => sum(values) / values.length;

// Halves are rounded away from zero, of the decimal number one sees.
export function number(value, decimals) {
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const text = Math.abs(value).toLocaleString("en-GB", options);
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

export function rounded(value, decimals) {
  return Number(number(value, decimals).replace("−", "-").replaceAll(",", ""));
}

export function ordinal(place) {
  const teens = place % 100 >= 10 && place % 100 <= 20;
  return `${place}${(!teens && ["", "st", "nd", "rd"][place % 10]) || "th"}`;
}
