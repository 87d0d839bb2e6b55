// Forms that ask the browser for a passkey before they are sent. Without a script they stay hidden, and nothing is lost.

const known = "PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential;

async function askServer(form) {
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrf_token.value },
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function askBrowser(kind, options) {
  if (kind === "create") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const told = form.querySelector("[role=alert]");
  told.hidden = true;
  try {
    const credential = await askBrowser(form.dataset.passkey, await askServer(form));
    form.elements.answer.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    told.textContent = form.dataset.failed;
    told.hidden = false;
  }
}

if (known) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", send);
  }
}
