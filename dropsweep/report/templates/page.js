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
  const order = (a, b) => compare(text(a), text(b)) * (down ? -1 : 1);
  for (const other of header.parentNode.cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  for (const body of table.tBodies) body.append(...[...body.querySelectorAll("tr[data-rate]")].sort(order));
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

// a chip, or a row under the pointer, lights what is of its rate and pales all else
const sheet = document.styleSheets[0];
const pale = sheet.cssRules[sheet.insertRule(".unlit { opacity: var(--pale); }", sheet.cssRules.length)];
let pressed = "";

function light(rate) {
  pale.selectorText = rate === "" ? ".unlit" : `[data-rate]:not([data-rate="${rate}"])`;
}

const rows = [...document.querySelectorAll("#table-rates tr[data-rate]")];
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
  document.getElementById("answer").after(chips);
  for (const body of document.querySelectorAll("table[id] tbody")) {
    body.addEventListener("mouseover", (event) => light(event.target.closest("tr").dataset.rate ?? pressed));
    body.addEventListener("mouseleave", () => light(pressed));
  }
}
