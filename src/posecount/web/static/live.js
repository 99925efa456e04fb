// The Live page: wishes, then the stage, then what was done.

import { Camera } from "./camera.js";
import * as hud from "./hud.js";
import { Link } from "./link.js";
import { Overlay } from "./overlay.js";
import { pairPhone } from "./pair.js";
import { Speech } from "./speech.js";

const byId = (id) => document.getElementById(id);
const stage = byId("stage"), form = byId("wishes");
const camera = new Camera(byId("video")), overlay = new Overlay(byId("canvas")), speech = new Speech();
let link = null, session = null;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("trouble").textContent = "";
  byId("start").disabled = true;
  speech.wake();
  try {
    await begin(wishes());
  } catch (error) {
    end(error.message);
  }
  byId("start").disabled = false;
});

function wishes() {
  const chosen = new FormData(form);
  const [kind, name] = chosen.get("what").split(" ");
  speech.muted = !chosen.get("sound");
  showSound();
  return { [kind]: name, side: chosen.get("side"), guided: Boolean(chosen.get("guided")), camera: chosen.get("camera") };
}

async function begin(hello) {
  session = { sets: [], count: 0, latest: null, late: [], analysed: 0, since: performance.now(), pressed: false };
  session.phone = hello.camera === "phone";
  if (session.phone) await pairPhone();
  else await camera.open("user");
  open(true);
  hud.words("Getting ready");
  link = new Link("/ws/live", { hello, hear, picture, closed });
  if (session.phone) return;
  camera.onLost(() => end("The camera has gone. Plug it in, then start again."));
  camera.frames((time) => session?.ready && link?.offer(camera, time));
}

// A picture from the phone comes before the scene that belongs to it.
function picture(bytes) {
  session.coming = createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
}

const HEAR = {
  ready: () => { session.ready = true; if (session.phone) hud.words("Waiting for the phone's picture"); },
  scene: showScene,
  rep: (rep) => { speech.tone(rep.quality); hud.addRep(rep); session.reps = (session.reps ?? 0) + 1; },
  hold: (hold) => { speech.tone("held"); session.holds = [...(session.holds ?? []), hold]; },
  cue: (cue) => { speech.say(cue.text, true); hud.say(cue.text); },
  prompt: (prompt) => { if (prompt.code === "count") speech.tone("count"); speech.say(prompt.text, true); hud.say(prompt.text); },
  stage: ({ stage: name }) => { if (name === "countdown") speech.tone("count"); if (name === "go") speech.tone("go"); },
  notice: ({ message }) => hud.say(message),
  begin: () => { session.count = 0; },
  end: (set) => { session.sets.push({ ...set, holds: session.holds ?? [] }); session.holds = []; },
  trouble: ({ message }) => { byId("trouble").textContent = message; hud.note(message); },
  refused: ({ message }) => { session.why = message; },
  failed: ({ message }) => { session.why = message; },
};

function hear(message) { session && HEAR[message.event]?.(message); }

async function showScene(scene) {
  const bitmap = session.phone ? await session.coming : link.arrived(scene.captured);
  if (!session) return;
  if (bitmap) {
    overlay.draw(bitmap, scene, !session.phone && camera.mirrored);
    bitmap.close();
    byId("canvas").hidden = false;
  }
  hud.show(scene);
  if (scene.guide.code) speech.advise(scene.words);
  if (scene.count > session.count) { speech.say(String(scene.count)); hud.say(`${scene.count}`); }
  session.count = scene.count;
  measure(scene);
}

function measure(scene) {
  session.analysed += 1;
  if (!session.phone) session.late.push(performance.now() - scene.captured);
  const now = performance.now();
  if (now - session.since < 1000) return;
  const late = session.late.sort((a, b) => a - b)[session.late.length >> 1];
  const rate = Math.round((1000 * session.analysed) / (now - session.since));
  hud.note(`${rate} pictures a second${late ? `, ${Math.round(late)} ms` : ""}`);
  Object.assign(session, { analysed: 0, late: [], since: now });
}

const closed = (reason) => session && end(session.asked ? "" : session.why || reason || "posecount has stopped answering.");

function end(why = "") {
  const done = session;
  session = null;
  camera.close();
  link?.close();
  link = null;
  speech.hush();
  open(false);
  byId("trouble").textContent = why;
  if (done?.sets.length) summarise(done.sets);
}

function summarise(sets) {
  const list = document.createElement("ul");
  list.className = "sets";
  for (const set of sets) {
    const item = list.appendChild(document.createElement("li"));
    const steady = set.holds.filter((hold) => hold.quality === "steady").length;
    const stretch = set.exercise === "calf-stretch";
    item.append(`${hud.title(set.exercise === "auto" ? "nothing counted" : set.exercise)}, ${Math.round(set.seconds)} s`);
    item.appendChild(document.createElement("b")).textContent = stretch ? `${steady} held` : set.counts.total;
  }
  byId("sets").replaceChildren(list);
  byId("summary").hidden = false;
  byId("summary").focus();
}

function open(wanted) {
  hud.clear();
  byId("canvas").hidden = true;
  stage.hidden = !wanted;
  for (const each of document.querySelectorAll(".top, .foot, .skip, #setup")) each.inert = wanted;
  if (wanted) stage.focus();
  keepAwake(wanted);
}

let awake = null;
async function keepAwake(wanted) {
  try {
    if (wanted) awake = await navigator.wakeLock?.request("screen");
    else await awake?.release();
  } catch { /* a screen that goes dark ends nothing */ }
}

function press(key) {
  if (!session) return;
  if (key === "q") finish();
  else if (key === "h") byId("help").showModal();
  else if (key === "m") { speech.muted = !speech.muted; speech.hush(); showSound(); }
  else link?.send({ key });
}

function finish() {
  session.asked = true;
  if (link?.open) link.send({ stop: true });
  else end();
}

function showSound() {
  stage.querySelector('[data-key="m"] span').textContent = speech.muted ? "Sound on" : "Sound off";
}

stage.addEventListener("click", (event) => press(event.target.closest("[data-key]")?.dataset.key));
document.addEventListener("keydown", (event) => {
  if (!session || event.repeat || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const onButton = event.target.closest?.("button") && [" ", "Enter"].includes(event.key);
  const key = { " ": "space", Escape: "q" }[event.key] ?? event.key.toLowerCase();
  if (onButton || !stage.querySelector(`[data-key="${CSS.escape(key)}"]`)) return;
  event.preventDefault();
  press(key);
});
