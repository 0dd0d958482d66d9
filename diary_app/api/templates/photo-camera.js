// A camera inside the page with the last photo of the same part over it, faint.
// Without this script, or without a camera, the file field above it does the same work.
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const box = at("camera");
  if (!box || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  const [field, view, region, ghost, strength] =
    ["photos", "camera-view", "region", "ghost", "strength"].map(at);
  const video = view.querySelector("video");
  const taken = new DataTransfer();
  let stream = null;
  box.hidden = false;

  const guide = () => {
    const chosen = region && region.selectedOptions[0];
    const last = chosen && chosen.dataset.last;
    for (const part of [ghost, strength, at("strength-label"), at("ghost-day")]) part.hidden = !last;
    if (!last) return;
    ghost.src = last;
    const day = at("ghost-day");
    day.textContent = day.dataset.words.replace("{day}", chosen.dataset.day);
  };
  const close = () => {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    view.hidden = true;
    at("camera-open").hidden = false;
  };
  const tell = () => {
    const line = at("camera-taken");
    line.textContent = line.dataset.words.replace("{n}", field.files.length);
    line.hidden = field.files.length === 0;
  };

  at("camera-open").addEventListener("click", async () => {
    at("camera-refused").hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia(
        { audio: false, video: { facingMode: "environment", width: { ideal: 2048 } } });
    } catch {
      at("camera-refused").hidden = false;
      return;
    }
    video.srcObject = stream;
    view.hidden = false;
    at("camera-open").hidden = true;
    guide();
    await video.play();
  });
  at("camera-take").addEventListener("click", () => {
    if (!video.videoWidth || field.files.length >= Number(box.dataset.most)) return;
    const picture = document.createElement("canvas");
    picture.width = video.videoWidth;
    picture.height = video.videoHeight;
    picture.getContext("2d").drawImage(video, 0, 0);
    picture.toBlob((blob) => {
      for (const file of field.files) if (![...taken.files].includes(file)) taken.items.add(file);
      const name = `photo-${taken.files.length + 1}.jpg`;
      taken.items.add(new File([blob], name, { type: "image/jpeg" }));
      field.files = taken.files;
      tell();
    }, "image/jpeg", 0.92);
  });
  at("camera-close").addEventListener("click", close);
  addEventListener("pagehide", close);
  strength.addEventListener("input", () => { ghost.style.opacity = strength.value / 100; });
  field.addEventListener("change", () => {
    taken.items.clear();
    tell();
  });
  if (region) region.addEventListener("change", guide);
})();
