// What has to be known before anything is drawn.
//
// Whether there is a script: what stands in a page for those without one is not drawn at first, only to be replaced. If one of
// the scripts does not come or fails, the page is as it is without.
document.documentElement.classList.add("has-script");
addEventListener("error", ({ target }) => { if (target === window || target.tagName === "SCRIPT") document.documentElement.classList.remove("has-script"); }, true);
// Colours as the system has them. Whoever chose others gets those from the server.
(() => {
  const root = document.documentElement;
  if (!root.hasAttribute("data-theme-open")) return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const set = () => root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  set();
  dark.addEventListener("change", set);
})();
