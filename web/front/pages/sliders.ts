/** The words below a slider follow it. Without a script, they change when the form is sent. */

const SLIDERS = ".sliders";

export function startSliders(): void {
  document.querySelector(SLIDERS)?.addEventListener("input", (event) => describe(event.target as HTMLInputElement));
}

function describe(slider: HTMLInputElement): void {
  const texts = slider.closest(SLIDERS)!.querySelector("template")!.content.querySelectorAll<HTMLElement>("[data-from]");
  const text = [...texts].findLast((each) => Number(each.dataset.from) <= slider.valueAsNumber)!.textContent!;
  slider.ariaValueText = text.replace("{value}", slider.value); // read aloud with each move, unlike a description
  document.getElementById(slider.getAttribute("aria-describedby")!)!.textContent = slider.ariaValueText;
}
