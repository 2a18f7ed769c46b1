// A slider over the periods that the page has as links: dragging it says where
// it stands, letting go follows the link.

/** Adds the slider to the page's time line, again whenever that is new. */
export function addTimeSlider(): void {
  const time = document.getElementById("time");
  const list = time?.querySelector(".app-time__steps");
  if (!time || !list || time.querySelector(".app-time__slider")) return;
  const steps = [...list.querySelectorAll<HTMLAnchorElement>("a")];
  if (steps.length < 2) return;
  const now = document.getElementById("time-now");
  const label = (at: number) => steps[at]?.title.replace(/: £.*$/, "") ?? "";
  const slider = document.createElement("input");
  slider.type = "range";
  slider.className = "app-time__slider";
  slider.id = "time-slider";
  slider.min = "0";
  slider.max = String(steps.length - 1);
  const chosen = steps.findIndex((step) => step.hasAttribute("aria-current"));
  slider.value = String(chosen < 0 ? steps.length - 1 : chosen);
  slider.setAttribute("aria-label", "Period");
  slider.setAttribute("aria-valuetext", chosen < 0 ? (now?.textContent ?? "") : label(chosen));
  slider.addEventListener("input", () => {
    const at = Number(slider.value);
    slider.setAttribute("aria-valuetext", label(at));
    if (now) now.textContent = label(at);
    for (const [i, step] of steps.entries()) step.classList.toggle("app-time__aim", i === at);
  });
  slider.addEventListener("change", () => steps[Number(slider.value)]?.click());
  list.after(slider);
}
