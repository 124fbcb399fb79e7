// Keeps the countdowns of a page at the minute. They stand in it as the server wrote them, or not at all where the page may be older than they are.
const UNITS = [["day", 1440], ["hour", 60], ["minute", 1]];

const lasting = (minutes) => {
  const parts = [];
  let left = minutes;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    parts.push([count, unit]);
  }
  const from = parts.findIndex(([count]) => count > 0);
  const shown = parts.slice(from, from + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" ");
};

const refresh = () => {
  for (const place of document.querySelectorAll("time[data-countdown]")) {
    const minutes = Math.trunc((Date.parse(place.dateTime) - Date.now()) / 60000);
    const words = lasting(Math.abs(minutes));
    place.textContent = minutes === 0 ? "now" : minutes > 0 ? `in ${words}` : `${words} ago`;
  }
};

// A page of a past day stays as it was.
if (!document.body.classList.contains("is-past")) {
  refresh();
  setInterval(refresh, 60000);
}
