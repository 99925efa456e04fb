// On the computer: shows the code for the phone, and waits until it is connected.

const dialog = document.getElementById("phone"), body = document.getElementById("phone-body");
const WAIT_MS = 1000;

export async function pairPhone() {
  let told = await invite();
  if (told.connected) return;
  let shown = "";
  dialog.showModal();
  const cancelled = new Promise((done) => dialog.addEventListener("close", () => done(true), { once: true }));
  while (!told.connected) {
    if (told.url !== shown) show(told);
    shown = told.url;
    if (await Promise.race([cancelled, new Promise((done) => setTimeout(done, WAIT_MS))])) throw new Error("");
    told = await invite();
  }
  dialog.close();
}

async function invite() {
  const answer = await fetch("/api/phone", { method: "POST" });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error ?? "The phone cannot be asked now.");
  return told;
}

function show({ url, qr, fingerprint }) {
  const code = new Image();
  code.className = "qr";
  code.src = `data:image/svg+xml,${encodeURIComponent(qr)}`;
  code.alt = "The code for your phone";
  const steps = document.createElement("ol");
  for (const step of [
    "Point your phone's camera at this code, in the same Wi-Fi, and open what it finds.",
    "It will warn you: nobody certifies addresses at home, so posecount made a certificate just now. Go on when the fingerprint in the warning's details begins like this one.",
    "Start the camera there. This page goes on by itself.",
  ]) steps.appendChild(document.createElement("li")).textContent = step;
  const print = document.createElement("p");
  print.className = "print muted";
  print.textContent = `Certificate (SHA-256): ${fingerprint}`;
  const link = document.createElement("p");
  link.className = "print";
  link.textContent = url;
  const note = document.createElement("p");
  note.className = "muted";
  note.textContent = "The code is good once, for five minutes. Only this phone can send pictures, and it can see nothing else here.";
  body.replaceChildren(code, steps, print, link, note);
}
