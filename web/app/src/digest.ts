// Works out the SHA-256 of a file that somebody chooses, on their own computer:
// the file is not sent.

/** Bytes as lower-case hexadecimal digits. */
export function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Offers it beside each field for a digest. */
export function offerDigest(): void {
  for (const offer of document.querySelectorAll<HTMLElement>("[data-digest]")) {
    const field = document.getElementById(offer.dataset["digest"] ?? "");
    const file = offer.querySelector("input");
    if (!(field instanceof HTMLInputElement) || !file || !crypto.subtle) continue;
    offer.hidden = false;
    file.addEventListener("change", async () => {
      const chosen = file.files?.[0];
      if (chosen) field.value = hex(await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer()));
    });
  }
}
