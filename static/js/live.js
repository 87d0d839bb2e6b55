// Greys what a colleague has just decided, with their name and what they did, instead of letting it vanish under the
// cursor. Listens to a stream; where the server has no seat for it, asks every few seconds. A hidden page does neither.
// Without it nothing is live, and a form that has become stale is refused by the server.

const POLL_MILLISECONDS = 5000;
const KEPT = 200;

const live = document.getElementById("live");
const heard = new Map();
let after = Number(live?.dataset.after);
let source = null;
let timer = 0;

function grey(entry, event) {
  const isOver = entry.dataset.queue !== event.state;
  entry.classList.toggle("is-decided", isOver);
  let told = entry.querySelector(".queue__told");
  if (!told) {
    told = document.createElement("p");
    told.className = "queue__told";
    entry.append(told);
  }
  told.textContent = event.told;
  const pick = entry.querySelector("[data-command='select']");
  if (pick) {
    pick.disabled = isOver;
    pick.checked &&= !isOver;
  }
}

// Gives what the news is about as it is called on this page; nothing where it is not on it.
function show(event) {
  let name = "";
  for (const entry of document.querySelectorAll(`.queue__entry[data-item="${event.item}"]`)) {
    grey(entry, event);
    name = entry.querySelector(".queue__link").textContent.trim();
  }
  const notice = document.querySelector(`.item-news[data-item="${event.item}"]`);
  if (notice && !event.mine) {
    notice.querySelector(".item-news__told").textContent = event.told;
    notice.hidden = false;
    name = document.querySelector("h1").textContent.trim();
  }
  return name;
}

function hear(event) {
  heard.delete(event.item);
  heard.set(event.item, event);
  if (heard.size > KEPT) heard.delete(heard.keys().next().value);
  const name = show(event);
  if (name && !event.mine) document.getElementById("announcements").textContent = `${name}: ${event.told}`;
  document.dispatchEvent(new CustomEvent("desk:news"));
}

async function ask() {
  const answer = await fetch(`${live.dataset.look}?after=${after}`).catch(() => null);
  if (answer?.redirected || answer?.status === 403) return;
  if (answer?.ok) {
    const news = await answer.json();
    after = news.last;
    news.events.forEach(hear);
  }
  if (!document.hidden) timer = setTimeout(ask, POLL_MILLISECONDS);
}

function listen() {
  stop();
  source = new EventSource(`${live.dataset.stream}?after=${after}`);
  source.addEventListener("message", (message) => {
    after = Number(message.lastEventId);
    hear(JSON.parse(message.data));
  });
  source.addEventListener("error", () => {
    if (source?.readyState === EventSource.CLOSED) ask();
  });
}

function stop() {
  source?.close();
  source = null;
  clearTimeout(timer);
}

// The place of an item that is shown instead of another was read a while ago: what came since is shown on it, too.
function showAgain() {
  for (const event of heard.values()) show(event);
}

if (live) {
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
  document.addEventListener("desk:shown", showAgain);
  document.addEventListener("desk:told", showAgain);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", listen);
}
