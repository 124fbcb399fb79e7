// Colours as the system has them, before anything is drawn. Whoever chose others gets those from the server.
(() => {
  const root = document.documentElement;
  if (!root.hasAttribute("data-theme-open")) return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const set = () => root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  set();
  dark.addEventListener("change", set);
})();
