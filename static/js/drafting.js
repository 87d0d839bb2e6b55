// Looks a draft through while it is typed and shows the remarks beside it, and brings earlier and ready answers to begin
// with. Without this, the button "Tarkista" leads to a page with all of it.

const PAUSE = 700;
const WAITS = 2500;
const MOST_WAITS = 6;

function asked(form, extra) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, text: form.elements.text.value, ...extra });
  return fetch(form.dataset.look, { method: "POST", body, headers: { Accept: "application/json" } });
}

async function answered(response) {
  if (response.redirected || !response.ok) throw new Error("not answered");
  return response.json();
}

// Offsets come in code points; a field counts in UTF-16.
function place(text, offset) {
  return [...text].slice(0, offset).join("").length;
}

function offerShowing(form) {
  const field = form.elements.text;
  for (const remark of form.querySelectorAll(".remark[data-start]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet";
    button.textContent = form.dataset.showing;
    button.addEventListener("click", () => {
      field.focus();
      field.setSelectionRange(place(field.value, remark.dataset.start), place(field.value, remark.dataset.end));
    });
    remark.append(" ", button);
  }
}

function lookAtWhatIsTyped(form) {
  const field = form.elements.text;
  const told = form.querySelector("[data-remarks-told]");
  const remarks = form.querySelector("[data-remarks]");
  let timer = 0;
  let turn = 0;

  function show(found) {
    remarks.innerHTML = found.remarks;
    if (told.textContent !== found.told) told.textContent = found.told;
    offerShowing(form);
  }

  async function look(waits) {
    const mine = ++turn;
    try {
      const found = await answered(await asked(form));
      if (mine !== turn) return;
      show(found);
      if (found.is_waiting && waits) timer = setTimeout(() => look(waits - 1), WAITS);
    } catch {
      // The server looks again when the answer is sent.
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => look(MOST_WAITS), PAUSE);
  });
  offerShowing(form);
  if (field.value.trim()) look(MOST_WAITS);
}

async function bringAids(form, shelf) {
  try {
    const found = await answered(await fetch(form.dataset.look, { headers: { Accept: "application/json" } }));
    shelf.innerHTML = found.aids;
  } catch {
    // The link to the page with them stays.
  }
}

async function begin(event) {
  const form = event.submitter?.form;
  if (event.submitter?.name !== "base" || !form?.dataset.look) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // the form is not sent: what keeps the draft goes on keeping it
  const field = form.elements.text;
  try {
    const found = await answered(await asked(form, { base: event.submitter.value }));
    field.value = found.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  } catch {
    delete form.dataset.look;
    form.requestSubmit(event.submitter);
  }
}

function enhance() {
  for (const form of document.querySelectorAll("form[data-look]:not([data-is-looked])")) {
    form.dataset.isLooked = "";
    lookAtWhatIsTyped(form);
    form.addEventListener("submit", begin, { capture: true });
    const shelf = document.querySelector("[data-aids]");
    if (shelf) bringAids(form, shelf);
  }
}

document.addEventListener("desk:shown", enhance);
enhance();
