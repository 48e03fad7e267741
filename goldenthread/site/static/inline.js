// Puts the chosen council's words where a sentence or a table speaks of England.
//
// An element with data-inline shows that entry of the council's file, of the measure in its
// data-measure; of the council itself where it names none. Where the file has no such entry it shows
// data-none, or goes on speaking of England. One with data-chosen shows those words for any council.
const places = [...document.querySelectorAll("[data-inline], [data-chosen]")].map((place) => ({
  place,
  england: place.textContent,
}));

// council: what site.js gives to the panels, {name, measures: {id: {…}}}; null for England.
export function showInline(council) {
  for (const { place, england } of places) {
    place.textContent = (council ? words(place.dataset, council) : null) ?? england;
  }
}

function words({ chosen, inline, measure, none }, council) {
  if (chosen !== undefined) return chosen;
  const entry = measure ? council.measures[measure] : council;
  // What has no words for a list of one's own goes on comparing with similar councils, and names them.
  const own = entry?.usual?.[inline] || entry?.[inline];
  // A fire and rescue authority has no figure of most measures: a table says why once in each row.
  return own || (inline === "compared" && !entry && council.elsewhere) || none;
}
