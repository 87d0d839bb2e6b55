// Adds to the papers what only a script can do: copying with one press, and counting what is left of a text's length.
// Everything works without it.

function offerCopying(field) {
  if (!navigator.clipboard) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = field.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    document.getElementById("announcements").textContent = field.dataset.copied;
    button.textContent = field.dataset.copied;
  });
  field.after(button);
}

function countDown(field) {
  const left = document.createElement("p");
  left.className = "meta number";
  const say = () => {
    // The server counts code points, with a line's end as one.
    left.textContent = `${[...field.value.trim()].length} / ${field.dataset.limit}`;
    left.classList.toggle("is-over", [...field.value.trim()].length > Number(field.dataset.limit));
  };
  field.addEventListener("input", say);
  field.after(left);
  say();
}

function enhance() {
  for (const field of document.querySelectorAll("textarea[data-copy]")) offerCopying(field);
  for (const field of document.querySelectorAll("textarea[data-limit]")) countDown(field);
}

document.addEventListener("desk:shown", enhance);
enhance();
