// The phone's page: shows its code, then is a camera and no more. What is counted is shown large elsewhere.

import { Camera } from "./camera.js";
import { Link } from "./link.js";

const byId = (id) => document.getElementById(id);
const camera = new Camera(byId("video"));
let link = null, running = false, awake = null;

const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname); // it is used up in a moment, and not to be shared
const paired = token ? pair(token) : Promise.resolve("");

async function pair(token) {
  const answer = await fetch("/phone/pair", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  });
  return answer.ok ? "" : `${(await answer.json()).detail} A fresh one is on your computer's screen.`;
}

async function start(facing) {
  byId("trouble").textContent = "";
  try {
    const refused = await paired;
    if (refused) throw new Error(refused);
    await camera.open(facing);
    show(true);
    camera.frames((time) => link?.offer(camera, time));
    link ??= connect();
    awake = await navigator.wakeLock?.request("screen").catch(() => null);
  } catch (error) {
    stop(error.message);
  }
}

function connect() {
  byId("words").textContent = "Connecting";
  return new Link("/ws/camera", { hear, closed });
}

function hear(message) {
  if (message.captured !== undefined) link?.arrived(message.captured)?.close();
  if (message.event === "scene") {
    byId("count").textContent = message.count;
    byId("words").textContent = message.words;
  } else if (message.event === "waiting") {
    byId("count").textContent = "";
    byId("words").textContent = "Ready. Choose an exercise on your computer.";
  }
}

function closed(reason) {
  link = null;
  if (running) stop(reason || "The computer does not answer. Is posecount still running? If so, scan a fresh code.");
}

function stop(why = "") {
  show(false);
  camera.close();
  link?.close();
  awake?.release();
  byId("trouble").textContent = why;
}

function show(wanted) {
  running = wanted;
  byId("stage").hidden = !wanted;
  byId("welcome").hidden = wanted;
}

byId("begin").addEventListener("click", () => start("environment"));
byId("turn").addEventListener("click", () => start(camera.facing === "user" ? "environment" : "user"));
byId("stop").addEventListener("click", () => stop());
