// Reads the next item of the queue ahead, and shows it the moment the one before it has been decided: the decision goes
// to the server meanwhile, and what the server says of it is told when it comes. Without this, or where the next item was
// not there in time, the form is sent and the server leads on to the same item.
//
// A form that leads onward says so by data-onward. After another item has been shown, "desk:shown" is sent on the document.

const FRESH_MILLISECONDS = 60_000;

let ahead = null;
let underWay = Promise.resolve();

function nextAddress() {
  const here = document.querySelector(".desk__list .queue__link[aria-current='page']");
  return here?.closest(".queue__entry").nextElementSibling?.querySelector(".queue__link")?.href;
}

async function read(answer) {
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// What has been read says so on <main> as data-ahead, for whoever measures.
async function readAhead() {
  const main = document.getElementById("main");
  ahead = null;
  delete main.dataset.ahead;
  const address = nextAddress();
  if (!address) return;
  const answer = await fetch(address);
  if (!answer.ok || answer.url !== address) return;
  ahead = { address, page: await read(answer), readAt: performance.now() };
  main.dataset.ahead = address;
}

function adopt(page, address) {
  document.getElementById("main").replaceChildren(...page.getElementById("main").childNodes);
  document.title = page.title;
  history.pushState(null, "", address);
}

function show(next) {
  adopt(next.page, next.address);
  scrollTo({ top: 0, behavior: "instant" });
  document.getElementById("main").focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("desk:shown"));
  readAhead().catch(() => {});
}

function tell(page) {
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    // Nobody's place is taken from under them.
    if (fresh && !part.contains(document.activeElement)) part.replaceChildren(...fresh.childNodes);
  }
  const told = [...document.querySelectorAll("[data-part='told'] :is(p, span)")].map((words) => words.textContent);
  document.getElementById("announcements").textContent = told.join(" ");
  document.dispatchEvent(new CustomEvent("desk:told"));
}

async function send(form, body, lost) {
  try {
    const headers = { "X-Has-Read-Ahead": "yes" };
    const answer = await fetch(form.action, { method: "POST", body, headers, keepalive: true });
    const page = await read(answer);
    if (answer.ok && page.querySelector("[data-part]")) tell(page);
    else {
      adopt(page, answer.ok ? answer.url : form.action.replace(/\/decisions$/, ""));
      document.getElementById("main").focus();
    }
  } catch {
    const told = document.querySelector("[data-part='told']");
    told?.replaceChildren(lost);
    document.getElementById("announcements").textContent = lost.textContent;
  }
}

function goOnward(event) {
  const form = event.target;
  if (!form.matches("form[data-onward]") || event.defaultPrevented) return;
  const next = ahead;
  if (!next || performance.now() - next.readAt > FRESH_MILLISECONDS) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const lost = document.getElementById("lost").content.cloneNode(true);
  underWay = underWay.then(() => send(form, body, lost));
  show(next);
}

document.addEventListener("submit", goOnward);
addEventListener("popstate", () => location.reload());
readAhead().catch(() => {});
