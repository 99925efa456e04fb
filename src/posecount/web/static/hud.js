// The numbers, words and shapes over the picture. It shows what it is told and counts nothing.

const FRAMING = { whole: "", legs: "Legs only: hips-down tracking", feet: "Feet only: counting by movement" };
const PHASE = { arming: "getting ready", rest: "ready", up: "up", down: "down" };
export const QUALITY = { smooth: "smooth", jerky: "jerky", partial: "too small" };
const SHAPE = {
  smooth: '<circle cx="10" cy="10" r="8"/>',
  jerky: '<path d="M1 13 5.5 6l4.5 8 4.5-8L19 13"/>',
  partial: '<circle cx="10" cy="10" r="7"/>',
};
const LOWEST = -55, HIGHEST = 35; // degrees: what ankles reach
const REPS = 12;

const byId = (id) => document.getElementById(id);
const set = (id, text) => { const node = byId(id); if (node.textContent !== text) node.textContent = text; };

export function title(name) {
  if (name === "auto") return "Watching";
  return name.replaceAll("-", " ").replace(/^./, (first) => first.toUpperCase());
}

export function show(scene) {
  byId("stage").classList.toggle("guiding", scene.guide.stage === "guide" || scene.guide.stage === "calibrate");
  set("exercise", scene.programme?.title ?? title(scene.exercise));
  set("phase", phase(scene));
  set("count", String(scene.count));
  const known = Object.values(scene.legs).some((leg) => leg.smooth + leg.jerky + leg.partial > 0);
  const unsided = scene.framing === "feet" && !known; // of feet alone nobody knows which one moves
  byId("legs").hidden = unsided || scene.exercise === "calf-stretch"; // of stretches the whole holds are counted
  set("framing", FRAMING[scene.framing]);
  for (const leg of ["left", "right"]) showLeg(leg, scene.legs[leg]);
  showGauge(scene.legs);
  showRing(scene);
  showStep(scene.programme);
  set("number", scene.number);
  set("words", scene.paused ? "Paused. Press space to go on." : scene.words);
}

function phase(scene) {
  const legs = Object.values(scene.legs).filter((leg) => leg.measured);
  if (scene.paused) return "paused";
  if (legs.some((leg) => leg.hold_s > 0)) return "hold";
  if (!legs.length) return scene.framing === "feet" ? "" : "feet not in view";
  return PHASE[["up", "down", "rest"].find((name) => legs.some((leg) => leg.phase === name)) ?? "arming"];
}

function showLeg(leg, state) {
  const row = document.querySelector(`[data-leg="${leg}"]`);
  const counted = state.smooth + state.jerky + state.partial > 0;
  row.classList.toggle("measured", state.measured);
  row.querySelector(".smooth").textContent = state.measured || counted ? state.smooth : "–";
  for (const quality of ["jerky", "partial"]) {
    const tally = row.querySelector(`.tallies .${quality}`);
    tally.classList.toggle("some", state[quality] > 0);
    tally.querySelector("b").textContent = state[quality];
  }
}

// Where an angle is on the half circle: toes down on its left, toes up on its right.
function onGauge(angle, radius) {
  const share = Math.min(Math.max((angle - LOWEST) / (HIGHEST - LOWEST), 0), 1);
  const turn = Math.PI * (1 - share);
  return [110 + radius * Math.cos(turn), 112 - radius * Math.sin(turn)];
}

function showGauge(legs) {
  const needles = byId("needles");
  for (const [leg, radius] of [["left", 79], ["right", 97]]) {
    const { ankle_deg: angle, range_deg: [low, high] } = legs[leg];
    const known = low !== null && high !== null && high - low > 3;
    const path = known ? `M${onGauge(low, radius)}A${radius} ${radius} 0 0 1 ${onGauge(high, radius)}` : "";
    byId(`range-${leg}`).setAttribute("d", path);
    set(`angle-${leg}`, angle === null ? "" : degrees(angle));
    needle(needles, leg, angle);
  }
  const none = legs.left.ankle_deg === null && legs.right.ankle_deg === null;
  set("no-angle", none ? "no angle from here" : "");
}

function needle(needles, leg, angle) {
  let mark = needles.querySelector(`.${leg}`);
  if (!mark) {
    needles.insertAdjacentHTML("beforeend", `<g class="needle ${leg}"><circle r="10.5"/>
      <text text-anchor="middle" dy="4.3">${leg === "left" ? "L" : "R"}</text></g>`);
    mark = needles.lastElementChild;
  }
  mark.toggleAttribute("hidden", angle === null);
  if (angle !== null) mark.setAttribute("transform", `translate(${onGauge(angle, leg === "left" ? 79 : 97)})`);
}

export function degrees(angle) {
  const whole = Math.round(angle);
  return `${whole < 0 ? "−" : whole > 0 ? "+" : ""}${Math.abs(whole)}°`;
}

function showRing({ hold, breath, framing }) {
  byId("ring").hidden = !hold;
  byId("gauge").hidden = Boolean(hold) || framing === "feet"; // of which no angle is known
  if (!hold) { byId("ring").dataset.breath = ""; return; }
  byId("held").style.strokeDashoffset = 100 - 100 * Math.min(hold.held_s / hold.target_s, 1);
  set("held-s", String(Math.floor(hold.held_s)));
  byId("breath").setAttribute("r", breath === null ? 0 : 18 + 26 * breath);
  const before = Number(byId("ring").dataset.breath || "NaN");
  if (breath !== null && breath !== before) {
    set("breathe", breath > before || Number.isNaN(before) ? "breathe in" : "breathe out");
  }
  byId("ring").dataset.breath = breath ?? "";
}

function showStep(programme) {
  byId("step").hidden = !programme;
  if (!programme) return;
  const { stage, turn, turns, way, amount, target, unit, left_s: left } = programme;
  set("step-title", stage === "rest" ? "Rest" : stage === "done" ? "Done" : programme.title);
  set("step-way", way);
  byId("step-progress").value = stage === "rest" || !target ? 0 : Math.min(amount / target, 1);
  const done = target ? `${Math.floor(amount)} of ${target} ${unit}` : "";
  const waits = left === null ? "" : `${Math.ceil(left)} s`;
  set("step-left", [`Set ${turn} of ${turns}`, stage === "exercise" ? done : waits].filter(Boolean).join(" · "));
}

export function addRep(rep) {
  const list = byId("reps");
  const item = document.createElement("li");
  item.className = rep.quality;
  const extent = rep.range_deg === null ? "" : ` ${Math.round(Math.abs(rep.range_deg))}°`;
  item.innerHTML = `<svg viewBox="0 0 20 20" aria-hidden="true">${SHAPE[rep.quality]}</svg><b>${QUALITY[rep.quality]}${extent}</b>`;
  list.append(item);
  while (list.children.length > REPS) list.firstElementChild.remove();
}

export function clear() {
  byId("reps").replaceChildren();
  for (const id of ["words", "number", "note", "said"]) set(id, "");
  set("count", "0");
}

export function say(text) { set("said", text); }
export function words(text) { set("words", text); }
export function note(text) { set("note", text); }
