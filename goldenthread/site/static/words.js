// How names are compared and numbers written.

// The build folds the texts of the search in the same way; see search.py.
export const plain = (text) =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f'’]/g, "")
    .toLowerCase()
    .replace(/&/g, " and ")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

export function written(block, value) {
  if (value === null || value === undefined) return "–";
  if (block.scale) return block.scale[value] ?? String(value);
  const [before, decimals, after, one] = block.write;
  const places = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const number = Math.abs(value).toLocaleString("en-GB", places);
  return `${value < 0 ? "−" : ""}${before}${number}${number === "1" ? one : after}`;
}
