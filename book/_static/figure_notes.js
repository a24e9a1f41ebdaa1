/* What a figure in a sentence is: shown at it by mouse, by touch and by keyboard. Without it the
   browser shows the note where the mouse rests. */
"use strict";
window.addEventListener("DOMContentLoaded", () => {
  const figures = [...document.querySelectorAll(".bd-article span.figure[title]")]
    .filter((one) => one.title && !one.closest("a, button, summary"));
  if (!figures.length) return;
  const card = document.createElement("div");
  card.className = "figure-note";
  card.setAttribute("role", "status"); // read out as the figure is reached
  document.querySelector(".bd-article").append(card);
  let shown = null, timer = 0;

  /* One stop of the tab key in each sentence: the arrow keys go on from figure to figure. */
  const begun = new Set();
  for (const one of figures) {
    const block = one.closest("p, li, dd, td, th, figcaption") || one.parentElement;
    one.tabIndex = begun.has(block) ? -1 : 0;
    begun.add(block);
    one.dataset.note = one.title;
    one.removeAttribute("title"); // one note, not two
    one.classList.add("noted");
  }

  function place(figure) {
    if (!card.offsetParent) return; // on a phone it keeps to the foot of the screen
    const at = figure.getClientRects()[0], frame = card.offsetParent.getBoundingClientRect();
    const most = document.documentElement.clientWidth - card.offsetWidth - 12;
    const below = at.bottom + 6, above = at.top - card.offsetHeight - 6;
    const low = below + card.offsetHeight > window.innerHeight && above > 0;
    card.style.left = Math.max(12, Math.min(at.left, most)) - frame.left + "px";
    card.style.top = (low ? above : below) - frame.top + "px";
  }

  function show(figure, byKey) {
    clearTimeout(timer);
    if (shown) shown.classList.remove("open");
    shown = figure;
    figure.classList.add("open");
    card.textContent = figure.dataset.note.charAt(0).toUpperCase() + figure.dataset.note.slice(1) + ".";
    if (byKey) {
      const keys = document.createElement("small");
      keys.textContent = "Left and right: other figures. Escape: close.";
      card.append(keys);
    }
    place(figure);
  }

  function hide() {
    clearTimeout(timer);
    if (shown) shown.classList.remove("open");
    shown = null;
    card.replaceChildren();
  }

  const soon = () => { clearTimeout(timer); timer = setTimeout(hide, 250); };
  for (const one of figures) {
    one.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") show(one); });
    one.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") soon(); });
    one.addEventListener("click", () => show(one));
    one.addEventListener("focus", () => { if (one.matches(":focus-visible")) show(one, true); });
    one.addEventListener("blur", soon);
  }
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", soon);
  document.addEventListener("click", (event) => {
    if (shown && !event.target.closest(".noted, .figure-note")) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return hide();
    const at = figures.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (at < 0 || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    for (let to = at + step; figures[to]; to += step) {
      if (figures[to].getClientRects().length) return figures[to].focus(); // not in a closed part
    }
  });
});
