// The keys of the console. Each does what something on the page does anyway: an element says by data-command="keep"
// (route, select, …) which key is its own. A form is sent, a disclosure opened with its first field in focus, a field put
// in focus, a button, link or checkbox pressed. In a list the one in the entry one stands on comes first; where the page
// has none, the entry is opened at it. With Shift the press is a press with Shift, so that a range can be chosen.
//
// Which key means what stands in the help, as the server wrote it for this person; with data-off there are none
// (WCAG 2.1.4). After another item has come in place of the one shown, "desk:shown" is sent on the document.

const TYPING = "textarea, select, input:not([type='radio'], [type='checkbox'], [type='submit'], [type='button'])";
const GO_MILLISECONDS = 1500;

const help = document.getElementById("keys-help");
const commands = new Map([...help.querySelectorAll("[data-key-of]")].map((key) => [key.textContent, key.dataset.keyOf]));
let goesUntil = 0;

function entries() {
  return [...document.querySelectorAll(".queue__entry")].filter((entry) => link(entry)?.checkVisibility());
}

function link(entry) {
  return entry.querySelector(".queue__link");
}

function current(list) {
  const isHere = (entry) => entry.contains(document.activeElement) || link(entry).getAttribute("aria-current") === "page";
  return list.findIndex(isHere);
}

function go(step) {
  const list = entries();
  const here = current(list);
  if (here >= 0 && link(list[here]).getAttribute("aria-current") === "page") {
    if (list[here + step]) link(list[here + step]).click();
    return;
  }
  const next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), list.length - 1);
  if (list[next]) link(list[next]).focus();
}

function find(command, within) {
  const found = within.querySelectorAll(`[data-command="${command}"]`);
  return [...found].find((element) => element.checkVisibility());
}

function show(element) {
  const field = element.querySelector(
    "input[type='radio']:checked, input:not([type='hidden']), select, textarea, button",
  );
  (element.querySelector("input[type='radio']:checked") ?? field)?.focus();
}

function press(element, event) {
  if (element.matches("form")) element.requestSubmit();
  else if (element.matches("details")) {
    element.open = true;
    show(element);
  } else if (element.matches("a, button, [type='checkbox']")) {
    element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: event.shiftKey }));
  } else element.focus();
}

function run(command, event) {
  const list = entries();
  const entry = list[Math.max(current(list), 0)];
  const element = (entry && find(command, entry)) ?? find(command, document);
  if (element) press(element, event);
  else if (entry && !document.querySelector(".item")) location.href = `${link(entry).href}#to-${command}`;
  else document.getElementById("announcements").textContent = help.dataset.impossible;
}

function goTo(key) {
  goesUntil = 0;
  const place = [...help.querySelectorAll("[data-go]")].find((known) => known.dataset.go === key);
  if (place) location.href = place.href;
}

function seek() {
  const field = document.getElementById("find");
  field?.focus();
  field?.select();
}

const OWN = {
  next: () => go(1),
  previous: () => go(-1),
  go: () => (goesUntil = performance.now() + GO_MILLISECONDS),
  find: seek,
  help: () => help.showModal(),
};

function hear(event) {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented && !event.repeat;
  if (!isPlain || event.key.length !== 1 || event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (performance.now() < goesUntil) {
    event.preventDefault();
    goTo(key);
    return;
  }
  const command = commands.get(key);
  if (!command) return;
  event.preventDefault();
  if (Object.hasOwn(OWN, command)) OWN[command]();
  else run(command, event);
}

// An item that was opened from a list by a key shows the place of that key; nothing is ever sent by an address.
function arrive() {
  const command = /^#to-([a-z_]+)$/.exec(location.hash)?.[1];
  const element = command && find(command, document);
  if (!element) return;
  if (element.matches("details")) press(element, {});
  else show(element);
}

// The list beside an item begins at its top; show where in it one is.
function showPlace() {
  const here = document.querySelector(".desk__list .queue__link[aria-current='page']");
  const list = here?.closest(".desk__list");
  if (list) list.scrollTop = here.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 3;
}

function offerHelp() {
  const hint = document.getElementById("keys-hint");
  if (hint) hint.hidden = false;
}

if (help.dataset.off === undefined) document.addEventListener("keydown", hear);
document.addEventListener("click", (event) => event.target.closest("#keys-open") && help.showModal());
for (const news of ["desk:shown", "desk:told"]) {
  document.addEventListener(news, () => {
    offerHelp();
    showPlace();
  });
}
offerHelp();
showPlace();
arrive();
