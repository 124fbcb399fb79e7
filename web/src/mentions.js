// Whoever writes @ in a comment is offered people by name; what is put in is the id, which is what is kept.
const MOST = 8;
const WRITTEN = /(?:^|[^\p{L}\p{N}@])@([\p{L}\p{N}][\p{L}\p{N}.'’ -]{0,60}|)$/u;

let open = null;

function people(area) {
  return [...area.form.querySelectorAll("datalist option")].map((one) => ({ id: one.value, name: one.textContent }));
}

// What stands between the last @ and the caret, if that may be the beginning of a name.
const written = (area) => area.selectionStart === area.selectionEnd ? WRITTEN.exec(area.value.slice(0, area.selectionStart))?.[1] ?? null : null;

function fitting(area, text) {
  const wanted = text.toLowerCase();
  const fits = ({ id, name }) => {
    const known = name.toLowerCase();
    return known.startsWith(wanted) || id.toLowerCase().startsWith(wanted) || known.split(/[\s-]+/).some((word) => word.startsWith(wanted));
  };
  return people(area).filter(fits).slice(0, MOST);
}

function close() {
  if (!open) return;
  const { area, box } = open;
  box.hidden = true;
  box.replaceChildren();
  area.removeAttribute("aria-activedescendant");
  open = null;
}

// The list below the field, and what says to who can't see it how long it is.
function made(area) {
  if (area.box) return area.box;
  const name = `${area.id || "comment"}-people`;
  const box = Object.assign(document.createElement("ul"), { id: name, className: "mentions", hidden: true });
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", "People");
  const says = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  says.setAttribute("role", "status");
  area.after(box, says);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-haspopup", "listbox");
  area.setAttribute("aria-controls", name);
  // Pressing the mouse takes the caret away before a click is one.
  box.addEventListener("mousedown", (event) => event.preventDefault());
  box.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item && open) take([...box.children].indexOf(item));
  });
  Object.assign(area, { box, says });
  return box;
}

function offer(area) {
  const text = written(area);
  const found = text === null ? [] : fitting(area, text);
  if (!found.length) { if (open?.area === area) { area.says.textContent = ""; close(); } return; }
  if (open && open.area !== area) close();
  const box = made(area);
  box.replaceChildren(...found.map(({ id, name }, at) => {
    const item = Object.assign(document.createElement("li"), { id: `${box.id}-${at}` });
    item.setAttribute("role", "option");
    item.append(Object.assign(document.createElement("span"), { textContent: name }), Object.assign(document.createElement("span"), { className: "mono quiet", textContent: id }));
    return item;
  }));
  box.hidden = false;
  open = { area, box, found, text, at: 0 };
  area.says.textContent = `${found.length} ${found.length === 1 ? "person" : "people"} to choose from by arrows and Enter`;
  mark(0);
}

function mark(at) {
  const items = [...open.box.children];
  open.at = (at + items.length) % items.length;
  items.forEach((item, number) => item.setAttribute("aria-selected", String(number === open.at)));
  items[open.at].scrollIntoView({ block: "nearest" });
  open.area.setAttribute("aria-activedescendant", items[open.at].id);
}

function take(at) {
  const { area, found, text } = open;
  const end = area.selectionStart;
  area.setRangeText(`${found[at].id} `, end - text.length, end, "end");
  area.says.textContent = `${found[at].name} is named`;
  close();
  area.focus();
  area.dispatchEvent(new Event("change", { bubbles: true }));
}

const field = (event) => event.target.closest?.("textarea[data-mentions]");

document.addEventListener("input", (event) => { const area = field(event); if (area) offer(area); });
document.addEventListener("click", (event) => { const area = field(event); if (area) offer(area); else if (open && !open.box.contains(event.target)) close(); });
document.addEventListener("focusout", (event) => { if (open && field(event) === open.area) close(); });
// Before others hear of it: Escape closes this list, and not what it stands in.
document.addEventListener("keydown", (event) => {
  if (!open || field(event) !== open.area || event.isComposing) return;
  switch (event.key) {
    case "ArrowDown": mark(open.at + 1); break;
    case "ArrowUp": mark(open.at - 1); break;
    case "Enter": take(open.at); break;
    case "Escape": open.area.says.textContent = ""; close(); break;
    default: return;
  }
  event.preventDefault();
  event.stopPropagation();
}, true);
