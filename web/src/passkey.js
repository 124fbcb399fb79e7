// Passkeys: what the server asks the browser with, and what the browser answers.
const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const bytes = (said) => Uint8Array.from(atob(said.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

const post = async (address, body, csrf) => {
  const headers = { "Content-Type": "application/json", ...(csrf ? { "X-CSRF-Token": csrf } : {}) };
  const answer = await fetch(`/api/v1${address}`, { method: "POST", headers, body: body ? JSON.stringify(body) : undefined });
  const json = answer.status === 204 ? {} : await answer.json();
  if (!answer.ok) throw new Error(json.detail ?? "The server did not take it.");
  return json;
};

const readOptions = (options) => {
  const key = structuredClone(options.publicKey ?? options);
  key.challenge = bytes(key.challenge);
  if (key.user) key.user.id = bytes(key.user.id);
  for (const name of ["allowCredentials", "excludeCredentials"]) for (const one of key[name] ?? []) one.id = bytes(one.id);
  return key;
};

const said = (credential) => {
  const { response } = credential;
  const all = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) if (response[name]) all[name] = text(response[name]);
  if (response.getTransports) all.transports = response.getTransports();
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: all, extensions: credential.getClientExtensionResults() };
};

const attempt = async (run) => {
  const place = document.querySelector("[data-passkey-error]");
  try { if (place) place.hidden = true; await run(); } catch (error) {
    if (!place) throw error;
    place.textContent = error.name === "NotAllowedError" ? "No passkey was used." : error.message;
    place.hidden = false;
  }
};

const signIn = (button) => attempt(async () => {
  const { ceremony, options } = await post("/sign-in/passkey/options");
  const credential = await navigator.credentials.get({ publicKey: readOptions(options) });
  await post("/sign-in/passkey", { ceremony, credential: said(credential), second_factor: button.dataset.secondFactor ?? null });
  location.assign(button.dataset.next || "/");
});

const register = (button) => attempt(async () => {
  const csrf = document.querySelector('input[name="csrf"]').value;
  const { ceremony, options } = await post("/me/passkeys/options", undefined, csrf);
  const credential = await navigator.credentials.create({ publicKey: readOptions(options) });
  const name = document.querySelector(button.dataset.name)?.value || "Passkey";
  const added = await post("/me/passkeys", { ceremony, credential: said(credential), name }, csrf);
  if (!added.recovery_codes) { location.assign("/account#passkeys"); location.reload(); return; }
  show(added);
});

// Codes are shown once, so the page stays; its forms go on with the session under its new id.
const show = ({ recovery_codes: codes, csrf_token: csrf }) => {
  for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = csrf;
  const place = document.querySelector("[data-passkey-codes]");
  const line = (code) => Object.assign(document.createElement("li"), { textContent: code });
  place.querySelector(".codes").replaceChildren(...codes.map(line));
  place.hidden = false;
  document.querySelector("[data-passkey-part]").hidden = true;
};

addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  for (const part of document.querySelectorAll("[data-passkey-part]")) part.hidden = false;
  for (const [mark, run] of [["[data-passkey-sign-in]", signIn], ["[data-passkey-register]", register]]) {
    for (const button of document.querySelectorAll(mark)) {
      button.hidden = false;
      button.addEventListener("click", () => run(button));
    }
  }
});
