// Takes a person from a fault to its line in the editor, with the line selected. Without it the link leads to the
// line as it stands below the list of faults.

const text = document.getElementById("rules-text");

function goTo(number) {
  const lines = text.value.split("\n");
  const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[number - 1] ?? "").length);
  const height = Number.parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, (number - 1) * height - text.clientHeight / 3);
  text.scrollLeft = 0;
}

for (const link of document.querySelectorAll("a[data-line]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    goTo(Number(link.dataset.line));
  });
}
