// Keeps the list of imports up to date while a file is on its way in. Without it there is the link "Päivitä".

const PAUSE = 2000;
const runs = document.getElementById("runs");

async function refresh() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("runs");
  // Nobody's place is taken from under them: a list somebody is in waits for the next round.
  if (fresh && !runs.contains(document.activeElement)) runs.replaceChildren(...fresh.children);
}

async function follow() {
  while (runs.querySelector("[data-unfinished]")) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (!document.hidden) await refresh().catch(() => {});
  }
}

follow();
