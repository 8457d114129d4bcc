// Saves the payment code as a PNG for the bank app's «scan from pictures», with memo, holder and amount beneath: the link saves
// the bare code without scripts. The code is drawn on a canvas shape by shape, so that no policy has to allow inline images.

const SIDE_PX = 960; // a phone's gallery shrinks pictures; below 720 some bank apps fail to read the code
const IN_APP = /FBAN|FBAV|FB_IAB|Instagram|Zalo|\bLine\//i; // browsers that take a download and save nothing

function draw(svg, captions) {
  const box = svg.getBoundingClientRect();
  const scale = SIDE_PX / box.width;
  const quiet = Math.round(SIDE_PX * 0.06);
  const canvas = document.createElement("canvas");
  canvas.width = SIDE_PX + quiet * 2;
  canvas.height = Math.round(box.height * scale) + quiet * 2 + captions.length * 52;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  for (const shape of svg.querySelectorAll("rect, path, circle, text, image, use")) {
    if (shape.closest("defs, clipPath, mask")) continue;
    const style = getComputedStyle(shape);
    const at = shape.getCTM();
    if (!at) throw new Error("shape without place");
    pen.setTransform(at.a * scale, at.b * scale, at.c * scale, at.d * scale, at.e * scale + quiet, at.f * scale + quiet);
    pen.fillStyle = style.fill;
    if (style.fill === "none" && style.stroke === "none") continue;
    if (shape instanceof SVGPathElement) {
      const path = new Path2D(shape.getAttribute("d"));
      if (style.fill !== "none") pen.fill(path, style.fillRule);
      if (style.stroke !== "none") { pen.strokeStyle = style.stroke; pen.lineWidth = parseFloat(style.strokeWidth); pen.stroke(path); }
    } else if (shape instanceof SVGRectElement) {
      pen.fillRect(shape.x.baseVal.value, shape.y.baseVal.value, shape.width.baseVal.value, shape.height.baseVal.value);
    } else if (shape instanceof SVGCircleElement) {
      pen.beginPath();
      pen.arc(shape.cx.baseVal.value, shape.cy.baseVal.value, shape.r.baseVal.value, 0, 2 * Math.PI);
      pen.fill();
    } else if (shape instanceof SVGTextElement) {
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      pen.textAlign = { middle: "center", end: "right" }[style.textAnchor] ?? "left";
      const x = shape.x.baseVal.length ? shape.x.baseVal.getItem(0).value : 0;
      const y = shape.y.baseVal.length ? shape.y.baseVal.getItem(0).value : 0;
      pen.fillText(shape.textContent, x, y);
    } else {
      throw new Error("a shape that cannot be drawn");
    }
  }
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = "#000";
  pen.textAlign = "center";
  captions.forEach((words, nth) => {
    pen.font = `${nth === 0 ? 700 : 400} 34px "Be Vietnam Pro", sans-serif`;
    pen.fillText(words, canvas.width / 2, canvas.height - quiet - (captions.length - 1 - nth) * 52, canvas.width - quiet);
  });
  return canvas;
}

async function hand(blob, name) {
  const file = new File([blob], name, { type: "image/png" });
  if (IN_APP.test(navigator.userAgent)) {
    if (!navigator.canShare?.({ files: [file] })) return false;
    await navigator.share({ files: [file] });
    return true;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return true;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-save-qr]");
  if (!link) return;
  const figure = link.closest("[data-qr]");
  const svg = figure?.querySelector(".qr-code svg");
  if (!svg) return;
  event.preventDefault();
  const note = figure.querySelector("[aria-live]");
  const captions = [...(figure.parentElement.querySelectorAll("[data-caption]") ?? [])].map((row) => row.dataset.caption);
  let words = link.dataset.failed;
  try {
    const canvas = draw(svg, captions);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (blob && await hand(blob, `${link.dataset.saveQr}.png`)) words = link.dataset.saved;
  } catch (error) {
    if (error?.name === "AbortError") return; // the person closed the share sheet
  }
  if (note) note.textContent = words;
});
