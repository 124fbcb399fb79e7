// What makes pages better that work without it: filters take effect while one types, menus close, keys, drafts, uploads.
const ready = (run) => (document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", run) : run());
const base = () => document.body.dataset.base ?? "";
const csrf = () => document.querySelector('input[name="csrf"]')?.value ?? "";

// Parts of a page that are asked for anew: the list of what a filter lets through. The whole page comes, and htmx takes the part;
// what is asked later goes before what was asked earlier.
async function part(address) {
  const list = document.getElementById("list");
  if (!list) { location.assign(address); return; }
  list.setAttribute("aria-busy", "true");
  await window.htmx.ajax("GET", address, { source: list, target: list, select: "#list", swap: "outerHTML" });
  // Something that was asked later may have gone before it.
  if (list.isConnected) return;
  history.replaceState(null, "", address);
  document.dispatchEvent(new Event("surety:part"));
}

// Whoever is signed out meanwhile, or asks for what is not there, sees that page and not a part of it.
document.addEventListener("htmx:before:response", (event) => {
  const { ctx } = event.detail;
  if (ctx.target?.id !== "list" || (ctx.response.raw.ok && !ctx.response.raw.redirected)) return;
  event.preventDefault();
  location.assign(ctx.request.action);
});

function filters() {
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("[data-filters]");
    if (!form) return;
    clearTimeout(form.waiting);
    form.waiting = setTimeout(() => part(addressOf(form)), event.target.type === "search" ? 150 : 0);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.("[data-filters]")) return;
    event.preventDefault();
    part(addressOf(event.target));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#list a[data-part]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    part(link.href);
  });
}

// Only what was chosen stands in the address.
function addressOf(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "") query.append(name, value);
  const columns = [...form.querySelectorAll('[name="column"]')];
  if (columns.length && columns.every((one) => one.checked === one.defaultChecked)) {
    const kept = new URLSearchParams(location.search).getAll("column");
    query.delete("column");
    kept.forEach((one) => query.append("column", one));
  }
  const text = query.toString();
  return form.getAttribute("action") + (text ? `?${text}` : "");
}

// One menu at a time; it closes by Escape and by a click elsewhere.
function menus() {
  const open = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  const narrow = window.matchMedia("(max-width: 63.99rem)");
  const fold = document.querySelector(".rail-fold");
  const set = () => { if (fold) fold.open = !narrow.matches; };
  set();
  narrow.addEventListener("change", set);
}

const isWriting = (target) => target.closest?.("input, textarea, select, [contenteditable]");

// j and k walk through rows, x chooses one, Enter opens it, e edits, / and Ctrl-K search.
function keys() {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      document.getElementById("search")?.focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    const rows = [...document.querySelectorAll("#list tbody tr[data-id]")];
    const at = rows.findIndex((row) => row.classList.contains("at"));
    const walk = (to) => {
      const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
      if (!row) return;
      rows[at]?.classList.remove("at");
      row.classList.add("at");
      row.querySelector("a")?.focus();
      row.scrollIntoView({ block: "nearest" });
    };
    switch (event.key) {
      case "/": event.preventDefault(); document.getElementById("search")?.focus(); break;
      case "j": walk(at + 1); break;
      case "k": walk(at - 1); break;
      case "x": rows[at]?.querySelector('input[type="checkbox"]')?.click(); break;
      case "e": document.querySelector('[data-key="e"]')?.click(); break;
    }
  });
}

// The palette: what the search page finds for what was typed so far, which htmx puts below the field in the header.
function palette() {
  const input = document.getElementById("search");
  const box = document.getElementById("palette");
  if (!input || !box) return;
  const form = input.closest("form");
  const links = () => [...box.querySelectorAll("a")];
  new MutationObserver(() => { box.hidden = !box.childElementCount || !form.contains(document.activeElement); }).observe(box, { childList: true });
  form.addEventListener("keydown", (event) => {
    const all = links();
    const at = all.indexOf(document.activeElement);
    if (event.key === "ArrowDown") { event.preventDefault(); all[Math.min(all.length - 1, at + 1)]?.focus(); }
    else if (event.key === "ArrowUp") { event.preventDefault(); (at > 0 ? all[at - 1] : input).focus(); }
    else if (event.key === "Escape") { box.hidden = true; input.blur(); }
  });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) box.hidden = true; });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) box.hidden = true; });
}

// What is written in a form is kept in this browser until it was sent, also when the session ends meanwhile.
function drafts() {
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const version = form.querySelector('[name="base"]')?.value ?? "new";
    const key = `draft:${form.getAttribute("action")}:${version}`;
    const fields = () => [...form.elements].filter((one) => one.name && one.name !== "csrf" && one.type !== "hidden" && one.type !== "file");
    const said = () => fields().map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value, one.type === "checkbox" ? one.value : ""]);
    const kept = localStorage.getItem(key);
    const failed = document.querySelector("#errors, .alert-warning");
    if (kept && !failed && kept !== JSON.stringify(said())) {
      const note = document.createElement("p");
      note.className = "alert alert-info";
      note.setAttribute("role", "status");
      note.append("You began to write here and did not save. ");
      const take = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: "Take it up again" });
      const drop = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: "Forget it" });
      take.addEventListener("click", () => { fill(fields(), JSON.parse(kept)); note.remove(); });
      drop.addEventListener("click", () => { localStorage.removeItem(key); note.remove(); });
      note.append(take, " ", drop);
      form.before(note);
    }
    form.addEventListener("input", () => localStorage.setItem(key, JSON.stringify(said())));
    form.addEventListener("submit", () => sessionStorage.setItem("sent", key));
  }
  // The page that follows says that it was kept.
  const sent = sessionStorage.getItem("sent");
  if (sent && new URLSearchParams(location.search).has("saved")) localStorage.removeItem(sent);
}

function fill(fields, said) {
  for (const field of fields) {
    const found = said.find(([name, , value]) => name === field.name && (field.type !== "checkbox" || value === field.value));
    if (!found) continue;
    if (field.type === "checkbox") field.checked = found[1];
    else field.value = found[1];
  }
}

// A file goes up at once, and the form names it when it is sent.
function uploads() {
  for (const place of document.querySelectorAll("[data-upload]")) {
    const input = place.querySelector('input[type="file"]');
    const take = (file) => file && send(place, file);
    input.addEventListener("change", () => take(input.files[0]));
    place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("over");
      take(event.dataTransfer.files[0]);
    });
  }
}

function send(place, file) {
  const bar = place.querySelector("progress");
  const says = place.querySelector(".upload-says");
  const request = new XMLHttpRequest();
  const organisation = base().replace("/o/", "");
  request.open("POST", `/api/v1/organisations/${organisation}/files?name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader("X-CSRF-Token", csrf());
  request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
  bar.hidden = false;
  request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = (100 * event.loaded) / event.total; });
  request.addEventListener("load", () => {
    bar.hidden = true;
    const answer = JSON.parse(request.responseText || "{}");
    if (request.status >= 300) { says.textContent = answer.detail ?? "The file was not taken."; return; }
    place.querySelector("[data-upload-value]").value = JSON.stringify(answer.file ?? answer);
    place.querySelector(".upload-file").textContent = file.name;
    // It is there already, so the form does not bring it a second time.
    place.querySelector('input[type="file"]').removeAttribute("name");
    says.textContent = "Uploaded. It belongs to the record once you save.";
    place.closest("form")?.dispatchEvent(new Event("input"));
  });
  request.addEventListener("error", () => { bar.hidden = true; says.textContent = "The connection broke; choose the file again."; });
  request.send(file);
}

// A record of a list opens beside the list; its whole page is one click away. The address says which is open.
function panel() {
  const place = document.getElementById("panel");
  if (!place || !document.getElementById("list")) return;
  const wide = window.matchMedia("(min-width: 80rem)");
  let from = null;
  const address = (id) => { const url = new URL(location.href); id ? url.searchParams.set("open", id) : url.searchParams.delete("open"); return url; };
  const close = () => { place.hidden = true; place.replaceChildren(); history.replaceState(null, "", address(null)); from?.focus(); };
  const load = async (href, id) => {
    const answer = await fetch(href);
    if (!answer.ok) { location.assign(href); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const bar = document.createElement("p");
    bar.className = "panel-bar";
    const whole = Object.assign(document.createElement("a"), { href, textContent: "Whole page" });
    const shut = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: "Close" });
    shut.addEventListener("click", close);
    bar.append(whole, shut);
    const title = page.querySelector("main h1");
    if (title) { const second = document.createElement("h2"); second.className = "panel-title"; second.append(...title.childNodes); title.replaceWith(second); }
    // Ids stand in the page already.
    for (const one of page.querySelectorAll("main [id]:not([popover])")) if (document.getElementById(one.id)) one.removeAttribute("id");
    place.replaceChildren(bar, ...page.querySelector("main").childNodes);
    place.hidden = false;
    place.setAttribute("aria-label", `Record ${id}`);
    place.focus();
    history.replaceState(null, "", address(id));
  };
  place.setAttribute("role", "complementary");
  place.tabIndex = -1;
  document.addEventListener("click", (event) => {
    if (!wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest?.("#list tbody a, #panel .nav-tabs a");
    const id = link?.pathname.match(/\/records\/[a-z_]+\/([A-Z]{3}-\d+)$/)?.[1];
    if (!id) return;
    event.preventDefault();
    if (!place.contains(link)) from = link;
    load(link.href, id);
  });
  place.addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.target.closest("details[open], [popover]:popover-open")) close(); });
  const open = new URLSearchParams(location.search).get("open");
  const link = open && wide.matches && document.querySelector(`#list tr[data-id="${CSS.escape(open)}"] a`);
  if (link) load(link.href, open);
}

ready(() => { filters(); menus(); keys(); palette(); panel(); drafts(); uploads(); });
