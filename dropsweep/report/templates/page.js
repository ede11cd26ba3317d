"use strict";
const number = (text) => parseFloat(text.replace(/^(chosen|[<+ ])+/, ""));

function compare(a, b) {
  const x = number(a), y = number(b);
  if (isNaN(x) !== isNaN(y)) return isNaN(x) ? 1 : -1;
  return isNaN(x) ? a.localeCompare(b) : x - y;
}

function sort(table, header) {
  const at = header.cellIndex, down = header.getAttribute("aria-sort") === "ascending";
  const text = (row) => row.cells[at].textContent;
  const rows = [...table.tBodies[0].rows].sort((a, b) => compare(text(a), text(b)) * (down ? -1 : 1));
  for (const other of header.parentNode.cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  table.tBodies[0].append(...rows);
}

for (const table of document.querySelectorAll("table[id]")) {
  for (const header of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    button.addEventListener("click", () => sort(table, header));
    header.append(button);
  }
}

// chips and rows of a rate light everything that is of this rate
let pressed = "";

function light(rate) {
  document.body.classList.toggle("lit", rate !== "");
  for (const each of document.querySelectorAll("[data-rate]")) each.classList.toggle("of", each.dataset.rate === rate);
}

const rows = [...document.querySelectorAll("#table-rates tbody tr")];
const rates = [...new Set(rows.map((row) => row.dataset.rate))];
if (rates.length > 1) {
  const chips = document.createElement("div");
  chips.className = "chips";
  chips.setAttribute("role", "group");
  chips.setAttribute("aria-label", "Highlight a rate");
  chips.append("Highlight rate:");
  for (const rate of rates) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.textContent = rate;
    chip.setAttribute("aria-pressed", "false");
    chip.addEventListener("click", () => {
      pressed = pressed === rate ? "" : rate;
      for (const each of chips.querySelectorAll("button")) each.setAttribute("aria-pressed", String(each.textContent === pressed));
      light(pressed);
    });
    chips.append(chip);
  }
  document.querySelector("nav").after(chips);
  for (const row of rows) {
    row.addEventListener("mouseenter", () => light(row.dataset.rate));
    row.addEventListener("mouseleave", () => light(pressed));
  }
}
