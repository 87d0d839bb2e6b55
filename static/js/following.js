// Keeps the part of a page that is marked so up to date while something in it is unfinished. Without it there is the
// link "Päivitä".

const PAUSE = 2000;
const part = document.querySelector("[data-followed]");

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-followed]");
  // Nobody's place is taken from under them: a part somebody is in waits for the next round.
  if (fresh && !part.contains(document.activeElement)) part.replaceChildren(...fresh.children);
}

async function follow() {
  while (part.querySelector("[data-unfinished]")) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (!document.hidden) await refresh().catch(() => {});
  }
}

follow();
