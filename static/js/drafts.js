// Keeps what is typed of an answer while it is typed, so that neither a closed lid nor a second tab loses a word. Without
// this the button "Tallenna luonnos" does. The server never writes one tab's text over another's: each save says which
// save it grew from.

const PAUSE = 1200;
const AGAIN = 8000;

function keepWhatIsTyped(form) {
  const text = form.elements.text;
  const told = form.querySelector("[data-kept]");
  let saved = text.value;
  let timer = 0;
  let isUnderWay = false;
  let isSubmitted = false;

  function body() {
    const sent = new URLSearchParams();
    for (const name of ["csrf_token", "text", "grew_from", "draft", "saves"]) sent.set(name, form.elements[name].value);
    return sent;
  }

  async function save() {
    clearTimeout(timer);
    const value = text.value;
    if (isUnderWay || isSubmitted || value === saved) return;
    isUnderWay = true;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: body(), keepalive: true });
      if (answer.redirected) throw new Error("signed out");
      // What the server says no to (a text far too long) it says in words, and it is not asked the same again.
      const kept = await answer.json();
      for (const name of ["draft", "saves"]) if (kept[name]) form.elements[name].value = kept[name];
      told.textContent = kept.told;
      saved = value;
    } catch (error) {
      told.textContent = error.message === "signed out" ? told.dataset.signedOut : told.dataset.unkept;
      timer = setTimeout(save, AGAIN);
    }
    isUnderWay = false;
    if (text.value !== value) timer = setTimeout(save, PAUSE);
  }

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => {
    isSubmitted = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  addEventListener("pageshow", () => {
    isSubmitted = false;
  });
  addEventListener("online", save);
}

function enhance() {
  for (const form of document.querySelectorAll("form[data-keep]:not([data-is-kept])")) {
    form.dataset.isKept = "";
    keepWhatIsTyped(form);
  }
}

document.addEventListener("desk:shown", enhance);
enhance();
