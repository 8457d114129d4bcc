// Makes a picture small on the phone before it is sent (2G, full storage), and shows it. Drawing it anew also leaves behind
// the place where it was taken. When anything fails the original goes, as it does without scripts.

const SIDE_PX = 1600;
const GOAL_BYTES = 300_000;

async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE_PX / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close?.();
  let blob = null;
  for (const quality of [0.84, 0.74, 0.62]) {
    blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob && blob.size <= GOAL_BYTES) break;
  }
  return { canvas, blob };
}

document.addEventListener("change", async (event) => {
  const field = event.target;
  const box = field.closest?.("[data-photo]");
  if (!box || field.type !== "file" || field.files.length === 0) return;
  const note = box.querySelector("[aria-live]");
  const files = [...field.files];
  for (const old of box.querySelectorAll(".photo-preview")) old.remove();
  note.textContent = "";
  try {
    const small = new DataTransfer();
    let bytes = 0;
    let isSmaller = false;
    for (const file of files) {
      const { canvas, blob } = await shrink(file);
      if (field.files[0] !== files[0]) return; // other pictures were chosen meanwhile
      canvas.className = "photo-preview";
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", box.dataset.alt);
      box.append(canvas);
      const less = blob && blob.size < file.size;
      const sent = less ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
      small.items.add(sent);
      bytes += sent.size;
      isSmaller ||= less;
    }
    if (!isSmaller) return;
    field.files = small.files;
    note.textContent = box.dataset.shrunk.replace("{n}", `${Math.max(1, Math.round(bytes / 1000))} KB`);
  } catch { /* the originals are sent */ }
});
