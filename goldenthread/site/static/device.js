// What this device remembers for a reader, in the browser's local storage and nowhere else.

// Within another page, what this device remembers is nobody's business: the address alone counts.
const embedded = "embedded" in document.documentElement.dataset;

export function recall(key) {
  try {
    return embedded ? null : localStorage.getItem(key);
  } catch {
    return null; // storage is switched off
  }
}

// Tells whether it is kept; nothing is taken away.
export function keep(key, value) {
  if (embedded) return false;
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false; // storage is full, or switched off
  }
}
