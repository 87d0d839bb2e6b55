// Keys of the desk: each presses what stands on the page anyway. Can be switched off in the help (WCAG 2.1.4).

const SWITCH = "tjs.keys";
const TYPING = "textarea, select, input:not([type='radio'], [type='checkbox'], [type='submit'], [type='button'])";

const help = document.getElementById("keys-help");
const isOn = document.getElementById("keys-on");

function areOn() {
  return localStorage.getItem(SWITCH) !== "off";
}

function links() {
  return [...document.querySelectorAll(".queue__link")].filter((link) => link.checkVisibility());
}

function go(step) {
  const list = links();
  const open = list.findIndex((link) => link.getAttribute("aria-current") === "page");
  if (open >= 0) {
    list[open + step]?.click();
    return;
  }
  const focused = list.indexOf(document.activeElement);
  const next = focused < 0 ? 0 : Math.min(Math.max(focused + step, 0), list.length - 1);
  list[next]?.focus();
}

function send(key) {
  document.querySelector(`form[data-key="${key}"]`)?.requestSubmit();
}

function openRemoval() {
  const box = document.querySelector("details[data-key='p']");
  if (!box) return;
  box.open = true;
  (box.querySelector("input[type='radio']:checked") ?? box.querySelector("input[type='radio']"))?.focus();
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  s: () => send("s"),
  p: openRemoval,
  z: () => send("z"),
};

function press(event) {
  const isOurs = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented && !event.repeat;
  if (!isOurs || help.open || event.target.closest(TYPING)) return;
  if (event.key === "?") {
    help.showModal();
  } else if (areOn() && Object.hasOwn(KEYS, event.key)) {
    event.preventDefault();
    KEYS[event.key]();
  }
}

if (help && isOn) {
  isOn.checked = areOn();
  isOn.addEventListener("change", () => localStorage.setItem(SWITCH, isOn.checked ? "on" : "off"));
  document.getElementById("keys-hint").hidden = false;
  document.getElementById("keys-open").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", press);
}

// The list beside an item begins at its top; show where in it one is.
const here = document.querySelector(".desk__list .queue__link[aria-current='page']");
if (here) {
  const list = here.closest(".desk__list");
  list.scrollTop = here.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 3;
}
