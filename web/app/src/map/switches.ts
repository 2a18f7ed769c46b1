import { layerLabels, layerNames, type LayerName } from "./layers.ts";

/** Check boxes that show and hide the map's layers; single activities only where they are shown. */
export function makeSwitches(shown: Set<LayerName>, ofActivities: boolean, changed: () => void): HTMLFieldSetElement {
  const fieldset = document.createElement("fieldset");
  fieldset.className = "govuk-fieldset app-switches";
  const legend = document.createElement("legend");
  legend.className = "app-switches__legend";
  legend.textContent = "Show on the map";
  fieldset.append(legend);
  const boxes = document.createElement("div");
  boxes.className = "govuk-checkboxes govuk-checkboxes--small app-switches__boxes";
  for (const name of layerNames.filter((of) => ofActivities || of !== "activities")) boxes.append(makeSwitch(name, shown, changed));
  fieldset.append(boxes);
  return fieldset;
}

function makeSwitch(name: LayerName, shown: Set<LayerName>, changed: () => void): HTMLElement {
  const item = document.createElement("div");
  item.className = "govuk-checkboxes__item";
  const input = document.createElement("input");
  input.className = "govuk-checkboxes__input";
  input.type = "checkbox";
  input.id = `layer-${name}`;
  input.checked = shown.has(name);
  input.addEventListener("change", () => {
    if (input.checked) shown.add(name);
    else shown.delete(name);
    changed();
  });
  const label = document.createElement("label");
  label.className = "govuk-label govuk-checkboxes__label";
  label.htmlFor = input.id;
  label.textContent = layerLabels[name];
  item.append(input, label);
  return item;
}
