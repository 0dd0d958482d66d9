// Passkeys: hands the page's options to the browser's own dialog and sends the answer back as a form.
"use strict";

function bytes(text) {
  const plain = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
}

function words(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

function readable(found) {
  const said = { clientDataJSON: words(found.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (found.response[name]) said[name] = words(found.response[name]);
  }
  return JSON.stringify({
    id: found.id,
    rawId: words(found.rawId),
    type: found.type,
    response: said,
    clientExtensionResults: found.getClientExtensionResults(),
  });
}

async function answer(form) {
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(options.challenge);
  for (const each of options.excludeCredentials || []) each.id = bytes(each.id);
  for (const each of options.allowCredentials || []) each.id = bytes(each.id);
  if (options.user) options.user.id = bytes(options.user.id);
  const asked = { publicKey: options };
  return form.dataset.passkey === "add"
    ? navigator.credentials.create(asked)
    : navigator.credentials.get(asked);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    const failed = form.querySelector(".failed");
    failed.hidden = true;
    try {
      form.elements.answer.value = readable(await answer(form));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
