// The secret of a link stands behind its #, which only the browser sees. It goes into the form and out of the address; until the
// form was sent it stays in this tab, so that signing in between loses nothing.
const form = document.querySelector("form[data-link]");
if (form) {
  const field = form.querySelector('[name="secret"]');
  const key = `link:${form.getAttribute("action")}`;
  const brought = location.hash.slice(1);
  if (brought) {
    sessionStorage.setItem(key, brought);
    history.replaceState(null, "", location.pathname);
  }
  const secret = brought || sessionStorage.getItem(key);
  const failed = document.getElementById("error");
  if (failed) sessionStorage.removeItem(key);
  else if (secret) {
    field.value = secret;
    form.querySelector("[data-link-field]").hidden = true;
    // An invitation says at once what it is about.
    if (form.hasAttribute("data-link-opens")) form.requestSubmit();
  }
}
