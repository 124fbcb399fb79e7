// The matrix, drawn from its data. Only what is in sight is there, so that a thousand AI systems scroll like ten. What can be
// done with it stands in the page without it too: links, forms, the table in parts.
const CELL = 22;
// Columns of one row that are moved at once. They stand in one element with a place of its own, as a browser has to order all
// that have one before it paints.
const RUN = 8;
// Columns beyond sight, most of them where one scrolls to; whole runs.
const AHEAD = 2 * RUN;
const BEHIND = RUN;
// Columns that stay: control, organisation, designed, documented, operating.
const KEPT = 5;

const make = (tag, className = "", properties = {}) => Object.assign(document.createElement(tag), { className, ...properties });
const percent = (value) => (value < 0 ? "–" : String(value));
const wholeRuns = (count) => Math.ceil(count / RUN) * RUN;
const query = () => new URLSearchParams(location.search);

class Matrix {
  constructor(section) {
    this.section = section;
    this.live = section.querySelector(".soa-live");
    this.data = JSON.parse(section.querySelector("#soa-data").textContent);
    this.kinds = this.data.says.map(([word, shape, tone, means]) => ({ word, shape, tone, means }));
    this.bulk = this.live.dataset.bulk;
    this.at = { row: 0, column: KEPT };
    this.chosen = null;
    // Where the matrix was scrolled to when it was last drawn, and how many columns are kept to the left of that.
    this.scrolled = 0;
    this.behind = BEHIND;
    this.layOut();
    this.build();
    this.listen();
    section.classList.add("is-live");
    this.live.hidden = false;
    this.measure();
    this.draw(true);
    this.drawMap();
  }

  // Rows and columns in order, as they are folded.
  layOut() {
    const { domains, groups, controls } = this.data;
    this.rows = [];
    let from = 0;
    domains.forEach(([id, name, count, folded], domain) => {
      if (id) this.rows.push({ domain, id, name, folded, from, to: from + count });
      if (!folded) for (let at = from; at < from + count; at++) this.rows.push({ domain, control: at, from: at, to: at + 1 });
      from += count;
    });
    if (!controls.length) this.rows = [];
    this.tracks = [];
    from = 0;
    groups.forEach(([id, name, count, folded], group) => {
      if (folded) this.tracks.push({ group, name, folded, first: true, from, to: from + count });
      else for (let at = from; at < from + count; at++) this.tracks.push({ group, system: at, first: at === from, from: at, to: at + 1 });
      from += count;
    });
  }

  build() {
    const { live } = this;
    live.replaceChildren();
    this.map = make("div", "soa-map", { hidden: true });
    this.map.setAttribute("aria-hidden", "true");
    this.canvas = make("canvas");
    this.lens = make("div", "soa-lens");
    this.map.append(this.canvas, this.lens);
    this.grid = make("div", "soa-grid", { tabIndex: 0 });
    const set = (name, value) => this.grid.setAttribute(name, value);
    set("role", "grid");
    set("aria-label", "Controls and AI systems. Arrow keys move, Enter opens a cell.");
    set("aria-rowcount", this.rows.length + 5);
    set("aria-colcount", this.tracks.length + KEPT);
    if (this.bulk) set("aria-multiselectable", "true");
    this.inner = make("div", "soa-inner");
    this.inner.setAttribute("role", "presentation");
    this.column = make("div", "soa-column", { hidden: true });
    this.drawn = [];
    this.inner.append(this.bands(), this.heads(), this.body(), this.feet(), this.column);
    this.grid.append(this.inner);
    this.grid.style.setProperty("--tracks", this.tracks.length);
    this.grid.style.setProperty("--run", RUN);
    this.status = make("p", "soa-status");
    this.bar = make("div", "soa-bar", { hidden: true });
    this.bar.setAttribute("role", "region");
    this.bar.setAttribute("aria-label", "Chosen cells");
    live.append(this.map, this.grid, this.status, this.bar);
    this.say();
  }

  row(className, index, left) {
    const row = make("div", `soa-r ${className}`);
    const strip = make("div", "soa-strip");
    strip.setAttribute("role", "presentation");
    if (left) row.append(left);
    row.append(strip);
    const line = { row, strip, index, runs: [] };
    this.isRow(line, left !== undefined);
    return line;
  }

  // What has no cells, as they are out of sight or there are none, is no row.
  isRow({ row, index }, is) {
    row.setAttribute("role", is ? "row" : "presentation");
    if (is) row.setAttribute("aria-rowindex", index);
  }

  // A line of the body, in two rows of one number: what stays at the left is a group of rows of its own and so one piece of the
  // page, as a browser keeps a layer for each piece that stays.
  line(className, at, ...cells) {
    const left = this.left("row", ...cells);
    left.classList.add(...className.split(" "));
    left.setAttribute("aria-rowindex", at + 3);
    this.lefts.append(left);
    return this.row(className, at + 3);
  }

  left(role, ...parts) {
    const left = make("div", "soa-l");
    left.setAttribute("role", role);
    left.append(...parts);
    return left;
  }

  // Heads over groups of AI systems: few, so all of them are there, and each keeps its name in sight.
  bands() {
    const line = this.row("soa-bandline", 1, this.left("rowheader", make("span", "visually-hidden", { textContent: "Groups" })));
    let from = 0;
    const { groups } = this.data;
    while (from < this.tracks.length) {
      const { group } = this.tracks[from];
      let to = from;
      while (to < this.tracks.length && this.tracks[to].group === group) to++;
      const [id, name, count, folded] = groups[group];
      const head = make("div", "soa-band");
      head.setAttribute("role", "columnheader");
      head.setAttribute("aria-colspan", to - from);
      head.style.width = `${(to - from) * CELL}px`;
      if (id) {
        const button = make("button", "", { type: "button", textContent: name, title: `${name}: ${count} AI systems` });
        button.dataset.fold = id;
        button.tabIndex = -1;
        button.setAttribute("aria-expanded", String(!folded));
        head.append(button);
      } else head.append(make("span", "visually-hidden", { textContent: "AI systems" }));
      line.strip.append(head);
      from = to;
    }
    return line.row;
  }

  heads() {
    const label = (text, className) => {
      const one = make("span", className);
      one.append(make("span", "", { textContent: text }));
      return one;
    };
    const left = make("div", "soa-l soa-l-heads");
    left.setAttribute("role", "presentation");
    [["Control", "soa-id"], ["Organisation", "soa-t"], ["Designed %", "soa-t"], ["Documented %", "soa-t"], ["Operating %", "soa-t"]].forEach(([text, className], at) => {
      const head = label(text, className);
      head.setAttribute("role", "columnheader");
      head.setAttribute("aria-colindex", at + 1);
      left.append(head);
    });
    const line = this.row("soa-headline", 2, left);
    this.drawn.push({ ...line, kind: "head", always: true });
    return line.row;
  }

  body() {
    const body = make("div", "soa-body");
    body.setAttribute("role", "presentation");
    this.lefts = make("div", "soa-lefts");
    this.lefts.setAttribute("role", "rowgroup");
    const lines = make("div", "soa-lines");
    lines.setAttribute("role", "rowgroup");
    body.append(this.lefts, lines);
    this.rows.forEach((one, at) => {
      const line = one.control === undefined ? this.domainRow(one, at) : this.controlRow(one, at);
      this.drawn.push({ ...line, kind: "row", at });
      lines.append(line.row);
    });
    return body;
  }

  domainRow(one, at) {
    const button = make("button", "", { type: "button", textContent: one.name, tabIndex: -1 });
    button.dataset.fold = one.id;
    button.setAttribute("aria-expanded", String(!one.folded));
    const head = make("span", "soa-fold", { id: `g-${at}-0` });
    head.setAttribute("role", "rowheader");
    head.append(button);
    return this.line(`soa-d${one.folded ? " is-folded" : ""}`, at, head);
  }

  controlRow(one, at) {
    const [id, title, code, sums] = this.data.controls[one.control];
    const head = make("span", "soa-id", { id: `g-${at}-0`, title: `${id} ${title}` });
    head.setAttribute("role", "rowheader");
    head.append(make("b", "mono", { textContent: id }), " ", make("span", "", { textContent: title }));
    const whole = make("span", "", { id: `g-${at}-1` });
    this.paintCode(whole, code, "");
    whole.setAttribute("role", "gridcell");
    const numbers = sums.map((sum, of) => {
      const number = make("span", "soa-n", { textContent: percent(sum), id: `g-${at}-${of + 2}` });
      number.setAttribute("role", "gridcell");
      return number;
    });
    return this.line("soa-c", at, head, whole, ...numbers);
  }

  feet() {
    const feet = make("div", "soa-feet");
    feet.setAttribute("role", "rowgroup");
    ["Designed", "Documented", "Operating"].forEach((name, of) => {
      const line = this.row("soa-f", this.rows.length + 3 + of, this.left("rowheader", `${name}, % of the controls that count`));
      this.drawn.push({ ...line, kind: "foot", of, always: true });
      feet.append(line.row);
    });
    return feet;
  }

  // What is in sight is drawn; what leaves it on one side comes back on the other.
  draw(anew = false) {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.grid;
    const seen = Math.ceil(Math.max(CELL, clientWidth - this.leftWidth) / CELL);
    const all = wholeRuns(this.tracks.length);
    const count = Math.min(all, wholeRuns(seen + AHEAD + BEHIND + RUN));
    const last = all - count;
    if (scrollLeft !== this.scrolled) this.behind = scrollLeft < this.scrolled ? AHEAD : BEHIND;
    this.scrolled = scrollLeft;
    const first = Math.max(0, Math.min(last, Math.floor(scrollLeft / CELL / RUN) * RUN - this.behind));
    this.first = first;
    this.count = count;
    const top = scrollTop - 4 * CELL;
    const bottom = scrollTop + clientHeight + 4 * CELL;
    for (const line of this.drawn) {
      const inSight = line.always || (line.at * CELL + this.headHeight >= top && line.at * CELL + this.headHeight <= bottom);
      if (inSight) this.fill(line, first, count, anew);
    }
    this.moveLens(scrollLeft);
  }

  fill(line, first, count, anew) {
    const one = this.rows[line.at];
    if (line.kind === "row" && one.control === undefined && !one.folded) return;
    const { runs, strip } = line;
    const wanted = count / RUN;
    const before = anew || runs.length !== wanted ? NaN : line.first;
    if (before === first) return;
    this.isRow(line, true);
    while (runs.length < wanted) {
      runs.push(this.run(line));
      strip.append(runs.at(-1));
    }
    for (const run of runs.splice(wanted)) run.remove();
    // What leaves on one side is put on the other; nothing else is touched.
    for (let at = first; at < first + count; at += RUN) {
      if (at >= before && at < before + count) continue;
      const run = runs[(at / RUN) % wanted];
      run.style.left = `${at * CELL}px`;
      for (let of = 0; of < RUN; of++) this.paint(run.children[of], line, at + of);
    }
    line.first = first;
  }

  run(line) {
    const run = make("div", "soa-run");
    run.setAttribute("role", "presentation");
    for (let of = 0; of < RUN; of++) {
      const node = make(line.kind === "head" ? "div" : "span");
      node.setAttribute("role", line.kind === "head" ? "columnheader" : "gridcell");
      run.append(node);
    }
    return run;
  }

  paint(node, line, at) {
    const track = this.tracks[at];
    // The last run may have more room than there are columns.
    node.hidden = !track;
    if (!track) { node.removeAttribute("id"); return; }
    node.setAttribute("aria-colindex", at + KEPT + 1);
    if (line.kind === "head") return this.paintHead(node, track, at);
    if (line.kind === "foot") {
      const sum = track.system === undefined ? this.mean(0, this.data.controls.length, track)[line.of] : this.data.sums[track.system][line.of];
      node.className = `soa-n${track.first ? " first" : ""}`;
      node.textContent = percent(sum);
      return;
    }
    const row = this.rows[line.at];
    node.id = `g-${line.at}-${at + KEPT}`;
    const extra = this.extra(line.at, at);
    if (row.control === undefined || track.system === undefined) {
      node.className = `soa-n${extra}${track.first ? " first" : ""}`;
      node.textContent = percent(this.operating(row, track));
      node.setAttribute("aria-label", `${percent(this.operating(row, track))} percent operating`);
      return;
    }
    const { cells, faint, changed } = this.data;
    const flags = `${track.first ? " first" : ""}${faint?.[row.control][track.system] === "1" ? " faint" : ""}${changed?.[row.control][track.system] === "1" ? " changed" : ""}${extra}`;
    this.paintCode(node, cells[row.control][track.system], flags);
  }

  paintCode(node, code, flags) {
    const value = parseInt(code, 36);
    const kind = this.kinds[Math.floor(value / 3)];
    node.className = `soa-x ${kind.tone}${value % 3 === 2 ? " own" : ""}${flags}`;
    node.textContent = kind.shape;
    node.setAttribute("aria-label", flags.includes("changed") ? `${kind.word}, changed` : kind.word);
  }

  paintHead(node, track, at) {
    node.className = `soa-t${track.first ? " first" : ""}`;
    node.dataset.track = at;
    node.replaceChildren();
    const text = make("span");
    if (track.system === undefined) { text.textContent = `${track.name} (${track.to - track.from})`; node.title = `${track.name}: ${track.to - track.from} AI systems`; }
    else {
      const [number, name] = this.data.systems[track.system];
      text.append(make("b", "mono", { textContent: `SYS-${number}` }), ` ${name}`);
      node.title = `SYS-${number} ${name}`;
    }
    node.append(text);
  }

  // Percent of the cells that count which operate.
  operating(row, track) {
    let counted = 0;
    let operating = 0;
    for (let control = row.from; control < row.to; control++) {
      const line = this.data.cells[control];
      for (let system = track.from; system < track.to; system++) {
        const { word } = this.kinds[Math.floor(parseInt(line[system], 36) / 3)];
        if (word === "excluded" || word === "not justified") continue;
        counted++;
        if (word === "operating") operating++;
      }
    }
    return counted ? Math.floor((100 * operating) / counted) : -1;
  }

  // Of a folded group: designed and documented are known of each AI system alone, operation of each cell.
  mean(from, to, track) {
    const sums = this.data.sums.slice(track.from, track.to).filter(([one]) => one >= 0);
    const of = (at) => (sums.length ? Math.floor(sums.reduce((all, one) => all + one[at], 0) / sums.length) : -1);
    return [of(0), of(1), this.operating({ from, to }, track)];
  }

  extra(row, track) {
    const column = track + KEPT;
    let text = "";
    if (this.at.row === row && this.at.column === column && this.isActive) text += " at";
    const { chosen } = this;
    if (chosen && row >= chosen.top && row <= chosen.bottom && column >= chosen.left && column <= chosen.right) text += " chosen";
    return text;
  }

  measure() {
    this.leftWidth = this.grid.querySelector(".soa-l-heads").offsetWidth;
    this.headHeight = this.grid.querySelector(".soa-body").offsetTop;
  }

  listen() {
    const { grid } = this;
    let waiting = false;
    const soon = () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; this.draw(); });
    };
    grid.addEventListener("scroll", soon, { passive: true });
    this.watch = new ResizeObserver(() => { this.measure(); this.draw(); this.drawMap(); });
    this.watch.observe(grid);
    grid.addEventListener("focus", () => { this.isActive = true; this.point(); });
    grid.addEventListener("blur", () => { this.isActive = false; this.point(); });
    grid.addEventListener("keydown", (event) => this.key(event));
    grid.addEventListener("pointermove", (event) => this.hover(event), { passive: true });
    grid.addEventListener("pointerleave", () => { this.column.hidden = true; this.mark(null); this.say(); });
    grid.addEventListener("pointerdown", (event) => this.press(event));
    grid.addEventListener("click", (event) => {
      const fold = event.target.closest("[data-fold]");
      if (fold) this.fold(fold.dataset.fold);
    });
    const drag = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const share = (event.clientX - box.left) / box.width;
      grid.scrollLeft = share * this.tracks.length * CELL - (grid.clientWidth - this.leftWidth) / 2;
    };
    this.map.addEventListener("pointerdown", (event) => { this.map.setPointerCapture(event.pointerId); drag(event); });
    this.map.addEventListener("pointermove", (event) => { if (event.buttons) drag(event); });
  }

  // The cell below the pointer.
  under(event) {
    const node = event.target.closest?.("[id^='g-']");
    if (!node || !this.grid.contains(node)) return null;
    const [, row, column] = node.id.split("-").map(Number);
    return { row, column };
  }

  hover(event) {
    const at = this.under(event);
    const track = at && at.column >= KEPT ? at.column - KEPT : Number(event.target.closest?.(".soa-t[data-track]")?.dataset.track ?? NaN);
    this.column.hidden = Number.isNaN(track);
    if (!Number.isNaN(track)) this.column.style.transform = `translateX(${track * CELL}px)`;
    if (at?.row !== this.over?.row || at?.column !== this.over?.column) { this.mark(at); this.say(at); }
    if (this.pressed && at && event.buttons === 1) this.stretch(at);
  }

  // The line under the pointer, on both sides.
  mark(at) {
    const set = (row, is) => {
      this.lefts.children[row]?.classList.toggle("over", is);
      this.lefts.nextElementSibling.children[row]?.classList.toggle("over", is);
    };
    if (this.over?.row !== at?.row) {
      if (this.over) set(this.over.row, false);
      if (at) set(at.row, true);
    }
    this.over = at;
  }

  press(event) {
    const head = event.target.closest(".soa-t[data-track]");
    if (head && this.bulk) { this.choose({ top: 0, bottom: this.rows.length - 1, left: Number(head.dataset.track) + KEPT, right: Number(head.dataset.track) + KEPT }); return; }
    const at = this.under(event);
    if (!at || event.button !== 0 || event.target.closest("button, a")) return;
    if (this.bulk && at.column === 0) { this.choose({ top: at.row, bottom: at.row, left: KEPT, right: this.tracks.length + KEPT - 1 }); return; }
    if (this.bulk && event.shiftKey) { event.preventDefault(); this.pressed = this.at; this.stretch(at); this.pressed = null; return; }
    this.choose(null);
    this.at = at;
    this.pressed = at;
    const up = (end) => {
      this.pressed = null;
      const same = this.under(end);
      if (!this.chosen && same?.row === at.row && same?.column === at.column) this.open();
    };
    window.addEventListener("pointerup", up, { once: true });
  }

  stretch(to) {
    const from = this.pressed;
    if (!this.bulk || to.column === 0 || (from.row === to.row && from.column === to.column)) return;
    const order = (one, other) => [Math.min(one, other), Math.max(one, other)];
    const [top, bottom] = order(from.row, to.row);
    const [left, right] = order(from.column, to.column);
    this.choose({ top, bottom, left, right });
  }

  choose(rectangle) {
    if (!rectangle && !this.chosen) return;
    this.chosen = rectangle;
    this.repaint();
    this.showBar();
  }

  repaint() {
    for (const line of this.drawn) {
      if (line.kind !== "row") continue;
      const { runs, first } = line;
      for (let at = first; at < first + runs.length * RUN; at++) this.paint(runs[Math.floor(at / RUN) % runs.length].children[at % RUN], line, at);
    }
  }

  // Controls and columns of the rectangle; none of a sort stands for all that are shown.
  parts() {
    const { top, bottom, left, right } = this.chosen;
    const { controls, systems } = this.data;
    const rows = new Set();
    for (let row = top; row <= bottom; row++) {
      const one = this.rows[row];
      // An open heading stands for nothing but itself.
      if (one.control === undefined && !one.folded) continue;
      for (let at = one.from; at < one.to; at++) rows.add(controls[at][0]);
    }
    const columns = new Set();
    if (left <= 1 && right >= 1) columns.add("organisation");
    for (let column = Math.max(left, KEPT); column <= right; column++) {
      const track = this.tracks[column - KEPT];
      for (let at = track.from; at < track.to; at++) columns.add(`SYS-${systems[at][0]}`);
    }
    return { rows, columns };
  }

  showBar() {
    this.bar.hidden = !this.chosen;
    if (!this.chosen) return;
    const { rows, columns } = this.parts();
    const count = rows.size * columns.size;
    const address = new URLSearchParams();
    for (const [name, value] of query()) if (["framework", "by", "domain", "group", "state", "owner", "q"].includes(name)) address.append(name, value);
    if (rows.size < this.data.controls.length) for (const row of rows) address.append("row", row);
    if (columns.size !== this.data.systems.length || columns.has("organisation")) for (const column of columns) address.append("column", column);
    const says = make("span", "", { textContent: `${count} ${count === 1 ? "cell" : "cells"} chosen: ${rows.size} × ${columns.size}` });
    says.setAttribute("role", "status");
    const set = make("a", "btn btn-primary", { href: `${this.bulk}?${address}`, textContent: "Set them" });
    const clear = make("button", "btn", { type: "button", textContent: "Choose none" });
    clear.addEventListener("click", () => { this.choose(null); this.grid.focus(); });
    this.bar.replaceChildren(says, set, clear);
  }

  key(event) {
    if (event.altKey) return;
    const { rows, tracks } = this;
    const last = { row: rows.length - 1, column: tracks.length + KEPT - 1 };
    const page = Math.max(1, Math.floor(this.grid.clientHeight / CELL) - 8);
    const { row, column } = this.at;
    const far = event.ctrlKey || event.metaKey;
    const to = {
      ArrowLeft: () => [row, far ? 0 : column - 1], ArrowRight: () => [row, far ? last.column : column + 1],
      ArrowUp: () => [far ? 0 : row - 1, column], ArrowDown: () => [far ? last.row : row + 1, column],
      Home: () => [far ? 0 : row, 0], End: () => [far ? last.row : row, last.column],
      PageUp: () => [row - page, column], PageDown: () => [row + page, column],
    }[event.key];
    if (to) {
      event.preventDefault();
      event.stopPropagation();
      const [next, across] = to();
      const before = this.anchor ?? this.at;
      this.at = { row: Math.max(0, Math.min(last.row, next)), column: Math.max(0, Math.min(last.column, across)) };
      if (event.shiftKey && this.bulk) { this.anchor = before; this.pressed = before; this.stretch(this.at); this.pressed = null; } else { this.anchor = null; this.choose(null); }
      this.point(true);
    } else if (event.key === "Enter" || event.key === " ") { event.preventDefault(); this.open(); }
    else if (event.key === "Escape" && this.chosen) { this.choose(null); }
    else if (event.key === "Escape") closeCell();
    else if (far && event.key.toLowerCase() === "a" && this.bulk) { event.preventDefault(); this.choose({ top: 0, bottom: last.row, left: KEPT, right: last.column }); }
  }

  // The cell that keys act on, brought into sight.
  point(move = false) {
    const { row, column } = this.at;
    if (move) {
      const { grid } = this;
      const y = row * CELL;
      const foot = 3 * 18;
      const room = grid.clientHeight - this.headHeight - foot;
      if (y < grid.scrollTop) grid.scrollTop = y;
      else if (y + CELL > grid.scrollTop + room) grid.scrollTop = y + CELL - room;
      if (column >= KEPT) {
        const x = (column - KEPT) * CELL;
        const wide = grid.clientWidth - this.leftWidth;
        if (x < grid.scrollLeft) grid.scrollLeft = x;
        else if (x + CELL > grid.scrollLeft + wide) grid.scrollLeft = x + CELL - wide;
      }
      this.draw();
    }
    this.grid.querySelector(".soa-l .at")?.classList.remove("at");
    this.repaint();
    const node = document.getElementById(`g-${row}-${column}`);
    if (node && this.isActive) {
      node.classList.add("at");
      this.grid.setAttribute("aria-activedescendant", node.id);
    } else this.grid.removeAttribute("aria-activedescendant");
    this.say(this.at);
  }

  // The cell in words, below the matrix.
  say(at) {
    const row = at && this.rows[at.row];
    if (!row) {
      this.status.textContent = this.bulk ? "Enter or a click opens a cell. Drag or Shift with arrows chooses several." : "Enter or a click opens a cell.";
      return;
    }
    if (row.control === undefined) { this.status.textContent = row.name; return; }
    const [id, title, whole, sums] = this.data.controls[row.control];
    const control = `${id} ${title}`;
    const kind = (code) => this.kinds[Math.floor(parseInt(code, 36) / 3)];
    if (at.column === 0) this.status.textContent = control;
    else if (at.column === 1) this.status.textContent = `${control} · the organisation: ${kind(whole).word}. ${kind(whole).means}`;
    else if (at.column < KEPT) this.status.textContent = `${control} · ${percent(sums[at.column - 2])} % ${["designed", "documented", "operating"][at.column - 2]}, of the AI systems that count`;
    else {
      const track = this.tracks[at.column - KEPT];
      if (track.system === undefined) { this.status.textContent = `${control} · ${track.name}: ${percent(this.operating(row, track))} % operating`; return; }
      const [number, name] = this.data.systems[track.system];
      const code = this.data.cells[row.control][track.system];
      const from = ["", "decided for its group", "decided for this AI system"][parseInt(code, 36) % 3];
      this.status.textContent = `${control} · SYS-${number} ${name}: ${kind(code).word}${from ? `, ${from}` : ""}. ${kind(code).means}`;
    }
  }

  // What the address of the cell is; of a number, where its cells stand with their reasons.
  address() {
    const { row, column } = this.at;
    const one = this.rows[row];
    const track = this.tracks[column - KEPT];
    const kept = query();
    for (const name of ["cell", "saved", "done", "undone", "page", "view"]) kept.delete(name);
    if (one.control === undefined) return null;
    const control = encodeURIComponent(this.data.controls[one.control][0]);
    const text = kept.toString();
    const begun = `${location.pathname}?${text ? `${text}&` : ""}`;
    if (column === 1) return `${begun}cell=${control}/organisation`;
    if (column >= KEPT && track.system !== undefined) return `${begun}cell=${control}/SYS-${this.data.systems[track.system][0]}`;
    if (column >= KEPT) return null;
    return `${begun}view=cells&control=${control}`;
  }

  open() {
    const one = this.rows[this.at.row];
    if (!one) return;
    if (one.control === undefined) { this.fold(one.id); return; }
    const address = this.address();
    if (!address) return;
    if (address.includes("view=cells")) location.assign(address);
    else openCell(address);
  }

  fold(id) {
    const toggle = (band) => { if (band[0] === id) band[3] = band[3] ? 0 : 1; };
    this.data.domains.forEach(toggle);
    this.data.groups.forEach(toggle);
    const folded = [...this.data.domains, ...this.data.groups].filter((band) => band[3]).map((band) => band[0]);
    const address = query();
    address.delete("fold");
    folded.forEach((one) => address.append("fold", one));
    const text = address.toString();
    history.replaceState(null, "", location.pathname + (text ? `?${text}` : ""));
    const form = document.querySelector("[data-filters]");
    form.querySelectorAll('input[name="fold"]').forEach((field) => field.remove());
    folded.forEach((value) => form.append(make("input", "", { type: "hidden", name: "fold", value })));
    const { scrollLeft, scrollTop } = this.grid;
    const focused = this.grid.contains(document.activeElement);
    this.watch.disconnect();
    this.chosen = null;
    this.layOut();
    this.at = { row: Math.min(this.at.row, this.rows.length - 1), column: Math.min(this.at.column, this.tracks.length + KEPT - 1) };
    this.build();
    this.listen();
    this.grid.scrollTo(scrollLeft, scrollTop);
    this.measure();
    this.draw(true);
    this.drawMap();
    if (focused) this.grid.focus({ preventScroll: true });
  }

  // All of it, small: a column of points for each AI system.
  drawMap() {
    const wide = this.tracks.length * CELL > (this.grid.clientWidth - this.leftWidth) * 1.5;
    this.map.hidden = !wide;
    if (!wide) return;
    const rows = this.rows.filter((row) => row.control !== undefined);
    const width = this.map.clientWidth;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = width * ratio;
    this.canvas.height = rows.length;
    const context = this.canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    const colours = this.kinds.map(({ tone }) => style.getPropertyValue(`--${tone === "na" ? "line" : tone}`));
    const each = this.canvas.width / this.tracks.length;
    rows.forEach((row, y) => {
      const line = this.data.cells[row.control];
      this.tracks.forEach((track, x) => {
        context.fillStyle = colours[Math.floor(parseInt(line[track.from], 36) / 3)];
        context.fillRect(Math.floor(x * each), y, Math.ceil(each), 1);
      });
    });
    const all = this.tracks.length * CELL;
    const seen = Math.min(all, this.grid.clientWidth - this.leftWidth);
    this.scale = width / all;
    this.lens.style.width = `${Math.max(8, seen * this.scale)}px`;
    this.moveLens(this.grid.scrollLeft);
  }

  moveLens(left) {
    if (!this.map.hidden) this.lens.style.transform = `translateX(${left * this.scale}px)`;
  }
}

let matrix = null;

// The cell beside the matrix: the same as on its own page, taken from there.
async function showCell(address) {
  const place = document.getElementById("cell-place");
  place.setAttribute("aria-busy", "true");
  const answer = await fetch(`${address}&view=cell`);
  if (answer.redirected || !answer.ok) { location.assign(address); return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const cell = page.getElementById("cell");
  place.removeAttribute("aria-busy");
  if (!cell) { location.assign(address); return; }
  place.replaceChildren(document.adoptNode(cell));
  atSide();
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest" });
}

// Whether something stands beside the matrix.
function atSide() {
  const board = document.querySelector(".soa-board");
  const cell = document.getElementById("cell") !== null;
  board?.classList.toggle("has-cell", cell);
  board?.classList.toggle("has-side", cell || document.querySelector(".soa-changes") !== null);
}

function openCell(address) {
  history.pushState(null, "", address);
  showCell(address);
}

function closeCell() {
  if (!document.getElementById("cell")) return;
  const address = query();
  address.delete("cell");
  address.delete("saved");
  const text = address.toString();
  history.pushState(null, "", location.pathname + (text ? `?${text}` : ""));
  document.getElementById("cell-place").replaceChildren();
  atSide();
  matrix?.grid.focus({ preventScroll: true });
}

function beside() {
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest?.(".soa-side a");
    if (!link) return;
    if (link.matches("[data-close]")) { event.preventDefault(); closeCell(); return; }
    const address = new URL(link.href);
    if (link.closest(".soa-changes") && address.searchParams.has("cell")) { event.preventDefault(); openCell(address.pathname + address.search); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest?.(".soa-side") && !event.target.closest("input, textarea, select")) closeCell();
  });
  window.addEventListener("popstate", () => {
    const cell = query().get("cell");
    if (cell) showCell(location.pathname + location.search);
    else { document.getElementById("cell-place")?.replaceChildren(); atSide(); }
  });
  document.addEventListener("surety:part", start);
  // The list of changes stands beside the matrix, so another day is another page.
  const from = document.getElementById("filter-from");
  from?.addEventListener("input", (event) => event.stopPropagation());
  from?.addEventListener("change", () => from.form.submit());
}

function start() {
  const section = document.querySelector("#list.soa");
  if (!section?.querySelector("#soa-data")) return;
  matrix?.watch.disconnect();
  matrix = new Matrix(section);
}

if (document.querySelector("#list.soa")) { start(); beside(); }
