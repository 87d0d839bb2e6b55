// The key / goes to the search field, on every page. Switched off together with the keys of the desk (WCAG 2.1.4).

const TYPING = "textarea, select, input:not([type='radio'], [type='checkbox'], [type='submit'], [type='button'])";

document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented && !event.repeat;
  const field = document.getElementById("find");
  if (event.key !== "/" || !isPlain || !field || localStorage.getItem("tjs.keys") === "off") return;
  if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  field.focus();
  field.select();
});
