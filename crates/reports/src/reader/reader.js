/* Reader of an audit pack: searches and sorts the tables that are already on the page, opens a record, and follows an
   inclusion proof. Everything foreign goes into the page as text, never as markup. */
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const records = new Map(data.records.map((record) => [record.id, record]));
  const panel = document.getElementById("panel");

  /** An element with properties and children; a string child becomes text. */
  function make(name, properties, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  // Tables

  /** The words to search in a row, lower case; what a closed reason holds counts too. */
  const words = (row) => row.textContent.toLowerCase();
  const dataRows = (table) => [...table.tBodies].flatMap((body) => [...body.rows])
    .filter((row) => !row.classList.contains("g") && !row.parentNode.classList.contains("t"));

  function filter(table, wanted, state, status) {
    const parts = wanted.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = dataRows(table);
    let shown = 0;
    for (const row of rows) {
      const text = words(row);
      const column = table.dataset.state;
      const fits = parts.every((part) => text.includes(part)) &&
        (state === "" || stateOf(row.cells[column]) === state);
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const body of table.tBodies) {
      const heading = body.querySelector(".g");
      if (heading) heading.hidden = ![...body.rows].some((row) => row !== heading && !row.hidden);
    }
    status.textContent = shown === rows.length ? "" : `${shown} of ${rows.length} rows`;
  }

  /** The word of a status cell, without its reason. */
  function stateOf(cell) {
    const summary = cell.querySelector("summary") || cell;
    return [...summary.childNodes].filter((node) => !(node.classList && node.classList.contains("k")))
      .map((node) => node.textContent).join("").trim();
  }

  function sortKey(cell) {
    const time = cell.querySelector("time");
    if (time) return time.dateTime;
    const text = (cell.querySelector("summary") || cell).textContent.trim();
    const number = cell.classList.contains("n") ? Number.parseFloat(text.replace(/^[^\d-]+/, "")) : NaN;
    return Number.isNaN(number) ? text : number;
  }

  function compare(a, b) {
    if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
    return typeof a === "number" && typeof b === "number" ? a - b
      : String(a).localeCompare(String(b), "en-GB", { numeric: true });
  }

  /** Sorts within each group, so that headings keep their rows; empty cells stay last. */
  function sort(table, heading, index) {
    const descending = heading.ariaSort === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.ariaSort = descending ? "descending" : "ascending";
    for (const body of table.tBodies) {
      if (body.classList.contains("t")) continue;
      const keyed = [...body.rows].filter((row) => !row.classList.contains("g"))
        .map((row) => ({ row, key: sortKey(row.cells[index]) }));
      keyed.sort((a, b) => {
        const order = compare(a.key, b.key);
        return descending && a.key !== "" && b.key !== "" ? -order : order;
      });
      body.append(...keyed.map((item) => item.row));
    }
  }

  function prepare(table) {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, index) => {
      const label = heading.textContent;
      const button = make("button", { type: "button" }, label);
      if (heading.classList.contains("m")) return;
      button.addEventListener("click", () => sort(table, heading, index));
      // Browsers print no buttons in the heading that they repeat on each page: there the words stand in.
      heading.replaceChildren(button, make("span", { className: "printed" }, label));
    });
    if (dataRows(table).length < 8) return;
    const caption = table.caption.firstChild.textContent.trim();
    const status = make("span", {});
    status.setAttribute("role", "status");
    const input = make("input", { type: "search", placeholder: "Search this table", autocomplete: "off" });
    input.ariaLabel = `Search: ${caption}`;
    const select = stateChoice(table, headings, caption);
    const apply = () => filter(table, input.value, select ? select.value : "", status);
    input.addEventListener("input", apply);
    const tools = make("div", { className: "tools" }, input, ...(select ? [select] : []), status);
    if (select) select.addEventListener("input", apply);
    table.parentNode.before(tools);
  }

  /** A choice of the states, if the table has one status column and that has several. */
  function stateChoice(table, headings, caption) {
    const columns = headings.filter((heading) => heading.classList.contains("s"));
    if (columns.length !== 1) return null;
    const column = columns[0].cellIndex;
    const states = [...new Set(dataRows(table).map((row) => stateOf(row.cells[column])))].filter(Boolean);
    if (states.length < 2 || states.length > 20) return null;
    table.dataset.state = column;
    const option = (text, value) => make("option", { value }, text);
    const select = make("select", {}, option("Every state", ""), ...states.map((state) => option(state, state)));
    select.ariaLabel = `State: ${caption}`;
    return select;
  }

  /** A table that fits scrolls with the page, so that its heading stays in view; another gets a box of its own. */
  function place(box) {
    const fits = box.firstElementChild.offsetWidth <= box.clientWidth;
    box.classList.toggle("fits", fits);
    box.classList.toggle("scroll", !fits);
  }

  // Records

  const label = (key) => (key.charAt(0).toUpperCase() + key.slice(1)).replaceAll("_", " ");
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const day = (text) => text.replace(/^(\d{4})-(\d\d)-(\d\d)$/, (all, y, m, d) =>
    months[m - 1] ? `${Number(d)} ${months[m - 1]} ${y}` : all);

  /** Text whose record ids are links. */
  function linked(text) {
    const span = make("span", {});
    for (const part of day(text).split(/\b([A-Z]{2,5}-\d+)\b/)) {
      span.append(records.has(part) ? make("a", { href: `#${part}` }, part) : part);
    }
    return span;
  }

  function shown(value) {
    if (value === null || value === "") return "";
    if (value === true) return "yes";
    if (value === false) return "no";
    if (Array.isArray(value)) {
      const nested = value.some((item) => item !== null && typeof item === "object");
      return nested ? make("div", {}, ...value.map(shown)) : linked(value.join(", "));
    }
    return typeof value === "object" ? fields(value) : linked(String(value));
  }

  function fields(object) {
    const list = make("dl", { className: "fields" });
    for (const [key, value] of Object.entries(object)) {
      const empty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
      if (!empty) list.append(make("dt", {}, label(key)), make("dd", {}, shown(value)));
    }
    return list;
  }

  function historyItem(entry) {
    const when = `${day(entry.at.slice(0, 10))}, ${entry.at.slice(11, 19)} UTC`;
    const item = make("li", {},
      make("p", {}, make("b", {}, entry.action), `, ${when}`, ...(entry.actor ? [", ", linked(entry.actor)] : [])));
    if (entry.reason) item.append(make("p", {}, linked(entry.reason)));
    item.append(make("p", { className: "soft" }, `Entry ${entry.seq}, leaf hash `, make("code", {}, entry.leaf_hash)));
    if (entry.proof) item.append(proofOf(entry));
    return item;
  }

  function proofOf(entry) {
    const answer = make("span", {});
    answer.setAttribute("role", "status");
    const button = make("button", { type: "button" }, "Follow the proof");
    button.addEventListener("click", () => {
      const root = rootOf(entry.leaf_hash, entry.seq, data.ledger.size, entry.proof);
      answer.textContent = root !== null && root === data.ledger.root
        ? ` ${entry.proof.length} hashes lead from this entry to the root of ${data.ledger.size} entries.`
        : " These hashes do not lead to the root of this pack.";
    });
    const path = entry.proof.map((hash) => make("li", {}, make("code", {}, hash)));
    return make("details", {}, make("summary", {}, make("span", {}, "Inclusion proof")),
      make("ol", {}, ...path), button, answer);
  }

  function fill(id, record) {
    const close = make("button", { type: "button" }, "Close");
    close.addEventListener("click", () => panel.close());
    const state = make("span", {});
    if (record.symbol) state.append(make("span", { className: `k ${record.tone}`, ariaHidden: "true" }, record.symbol), " ");
    state.append(record.state.replaceAll("_", " "));
    panel.replaceChildren(
      make("div", { className: "panel-bar" }, make("p", { className: "kicker" }, `${record.kind} ${id}, `, state), close),
      make("h2", { id: "panel-title" }, record.title || id),
      fields(record.body),
      make("h3", {}, "History"),
      make("ol", { className: "history" }, ...record.history.map(historyItem)));
    panel.scrollTop = 0;
  }

  /** The record id that a fragment names, or an empty text. */
  function idIn(hash) {
    try {
      const id = decodeURIComponent(hash.slice(1));
      return records.has(id) ? id : "";
    } catch {
      return "";
    }
  }

  /** Opens the record that the address names, or closes the panel. */
  function follow() {
    const id = idIn(location.hash);
    const record = records.get(id);
    if (!record) {
      if (panel.open) panel.close();
      return;
    }
    fill(id, record);
    if (!panel.open) panel.showModal();
  }

  panel.addEventListener("close", () => {
    if (idIn(location.hash)) history.pushState(null, "", location.pathname + location.search);
  });
  panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || !idIn(link.hash)) return;
    // The page stays where it is; only the panel opens.
    event.preventDefault();
    history.pushState(null, "", link.hash);
    follow();
  });
  addEventListener("popstate", follow);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.matches("input, select") || panel.open) return;
    const inputs = [...document.querySelectorAll(".tools input")];
    const next = inputs.find((input) => input.getBoundingClientRect().bottom > 0) || inputs[0];
    if (next) { event.preventDefault(); next.focus(); }
  });

  // Inclusion proof (RFC 9162 section 2.1.3.2)

  const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const base64Of = (bytes) => btoa(String.fromCharCode(...bytes));

  /** The root that `path` leads to from leaf `index` of a tree of `size` leaves, base64; null if it cannot. */
  function rootOf(leaf, index, size, path) {
    if (index >= size) return null;
    let [at, last] = [index, size - 1];
    let hash = bytesOf(leaf);
    for (const step of path.map(bytesOf)) {
      if (last === 0) return null;
      if (at % 2 === 1 || at === last) {
        hash = sha256([1, ...step, ...hash]);
        while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
      } else {
        hash = sha256([1, ...hash, ...step]);
      }
      [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    }
    return last === 0 ? base64Of(hash) : null;
  }

  /** SHA-256 (FIPS 180-4) of an array of bytes: a page from a disk may not be given the browser's own. */
  function sha256(message) {
    const primes = [];
    for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
    const fraction = (x) => Math.floor((x - Math.floor(x)) * 2 ** 32) | 0;
    const k = primes.map((prime) => fraction(Math.cbrt(prime)));
    const h = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
    const padded = [...message, 0x80];
    while (padded.length % 64 !== 56) padded.push(0);
    const bits = message.length * 8;
    padded.push(0, 0, 0, 0, bits >>> 24 & 255, bits >>> 16 & 255, bits >>> 8 & 255, bits & 255);
    const turn = (x, n) => x >>> n | x << 32 - n;
    for (let start = 0; start < padded.length; start += 64) {
      const w = [];
      for (let i = 0; i < 64; i += 1) {
        if (i < 16) {
          const [a, b, c, d] = padded.slice(start + 4 * i, start + 4 * i + 4);
          w.push(a << 24 | b << 16 | c << 8 | d);
        } else {
          const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >>> 3;
          const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >>> 10;
          w.push(w[i - 16] + s0 + w[i - 7] + s1 | 0);
        }
      }
      let [a, b, c, d, e, f, g, last] = h;
      for (let i = 0; i < 64; i += 1) {
        const t1 = last + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + k[i] + w[i] | 0;
        const t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
        [last, g, f, e, d, c, b, a] = [g, f, e, d + t1 | 0, c, b, a, t1 + t2 | 0];
      }
      [a, b, c, d, e, f, g, last].forEach((value, i) => { h[i] = h[i] + value | 0; });
    }
    return h.flatMap((value) => [value >>> 24 & 255, value >>> 16 & 255, value >>> 8 & 255, value & 255]);
  }

  document.querySelectorAll("main table").forEach(prepare);
  const boxes = [...document.querySelectorAll(".box")];
  boxes.forEach(place);
  addEventListener("resize", () => boxes.forEach(place));
  follow();
})();
