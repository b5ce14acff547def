// Keys for the inbox. Everything they do, the page does without them.
"use strict";
const cards = [...document.querySelectorAll(".card")];
const remembered = "askcv-card";
let at = -1;

function go(to) {
  if (!cards.length) return;
  at = Math.max(0, Math.min(cards.length - 1, to));
  cards[at].focus({ preventScroll: true });
  cards[at].scrollIntoView({ block: "nearest" });
}

function press(selector) {
  const card = cards[at];
  const found = card && card.querySelector(selector);
  if (!found) return;
  sessionStorage.setItem(remembered, String(at));
  found.click();
}

const keys = {
  j: () => go(at + 1),
  k: () => go(at - 1),
  a: () => press(".verdict .approve"),
  r: () => press(".verdict .reject"),
  x: () => press("input[type=checkbox]"),
  e: () => press("a.edit"),
  u: () => document.getElementById("undo")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  const act = keys[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

document.addEventListener("focusin", (event) => {
  const found = cards.indexOf(event.target.closest(".card"));
  if (found >= 0) at = found;
});

document.querySelector(".keys")?.removeAttribute("hidden");
const before = sessionStorage.getItem(remembered);
sessionStorage.removeItem(remembered);
if (before !== null && new URLSearchParams(location.search).has("done")) go(Number(before));

// A verdict that is still being given: look again, unless somebody is at work on the page.
if (document.querySelector("[data-going]")) {
  setInterval(() => {
    const busy = cards.some((card) => card.contains(document.activeElement) || card.querySelector("input:checked"));
    if (!busy && !document.hidden) location.reload();
  }, 3000);
}
