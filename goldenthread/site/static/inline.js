// Puts the chosen council's words where a sentence or a table speaks of England.
//
// An element with data-inline shows that entry of the council's file, of the measure in its
// data-measure; of the council itself where it names none. One with data-chosen shows those words
// for any council. What stood there at first comes back when the choice is taken back.
const places = new Map(
  [...document.querySelectorAll("[data-inline], [data-chosen]")].map((place) => [place, place.textContent]),
);

// council: what site.js gives to the panels, {name, measures: {id: {…}}}; null for England.
export function showInline(council) {
  for (const [place, england] of places) {
    place.textContent = council ? (chosen(place.dataset, council) ?? england) : england;
  }
}

function chosen({ chosen: words, inline, measure }, council) {
  if (words !== undefined) return words;
  return (measure ? council.measures[measure] : council)?.[inline];
}
