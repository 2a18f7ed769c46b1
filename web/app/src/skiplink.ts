/**
 * Makes the skip link move the focus without touching the address: its hash
 * holds the position of the map.
 */
export function focusMain(): void {
  const link = document.querySelector<HTMLAnchorElement>(".govuk-skip-link");
  const main = document.getElementById("main-content");
  if (!link || !main) return;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    main.tabIndex = -1;
    main.focus();
    main.addEventListener("blur", () => main.removeAttribute("tabindex"), { once: true });
  });
}
