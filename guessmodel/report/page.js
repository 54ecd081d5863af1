// On a phone the parts below the answers are folded; where a link leads is unfolded.
const parts = [...document.querySelectorAll("details.part")];
if (document.getElementById("guessmodel-app") && matchMedia("(max-width: 63rem)").matches) {
  for (const part of parts) part.open = part.parentElement.id === "about";
}
const unfold = () => {
  const wanted = parts.find((part) => `#${part.parentElement.id}` === location.hash);
  if (wanted) wanted.open = true;
};
addEventListener("hashchange", unfold);
document.querySelector("nav")?.addEventListener("click", () => setTimeout(unfold));
unfold();
// What is folded is printed too.
const opened = new Set();
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details:not([open])")) {
    fold.open = true;
    opened.add(fold);
  }
});
addEventListener("afterprint", () => {
  for (const fold of opened) fold.open = false;
  opened.clear();
});
