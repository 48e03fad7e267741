// Days, as they are kept (2026-11-25) and as they are said.

export const today = () => {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
};

export const inWords = (day) => new Date(`${day}T12:00:00`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });

const DAY = /^\d{4}-\d\d-\d\d$/;

// A day that there is: neither a 31 February nor another text.
export const isDay = (text) => DAY.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
