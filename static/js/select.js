// Choosing many items of a list: shows how many are chosen, and with Shift chooses the range from the last one. The
// checkboxes and the form work without it.

const form = document.getElementById("selection");
const told = document.getElementById("selected");
let last = null;

function picks() {
  return [...document.querySelectorAll("[data-command='select']:not(:disabled)")];
}

function count() {
  const chosen = picks().filter((pick) => pick.checked).length;
  told.hidden = chosen === 0;
  told.textContent = chosen === 1 ? told.dataset.one : told.dataset.many.replace("#", chosen);
  form.classList.toggle("is-chosen", chosen > 0 || form.elements.all.checked);
  return chosen;
}

function choose(event) {
  const pick = event.target;
  if (!pick.matches("[data-command='select']")) return;
  const list = picks();
  const [from, to] = [list.indexOf(last), list.indexOf(pick)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) for (const one of list.slice(from, to + 1)) one.checked = pick.checked;
  last = pick;
  count();
  document.getElementById("announcements").textContent = told.textContent;
}

if (form) {
  document.addEventListener("click", choose);
  document.addEventListener("desk:news", count);
  form.addEventListener("change", count);
  // A browser that comes back to the page has kept what was chosen.
  addEventListener("pageshow", count);
}
