// Draws the plot, and ties it, the video and the tables together: click any of them, and all go there.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const video = $("video");
  const spans = [...data.holds, ...data.reps].sort((a, b) => a.start - b.start);
  const words = data.words;
  const LEAST_SPAN_DEG = 20, LONG_S = 120;
  const HEIGHT = 260, UNMEASURED = 130, SHORTEST = 180, TALLEST = 420; // of the angle's plot, pixels
  let repeating = null;

  document.documentElement.classList.add("js");

  // --- going to a moment ---

  // Half a frame later: exactly on the border between two frames a player may show either.
  const go = (time) => { video.currentTime = time + data.frame / 2; };
  const show = (time) => {
    go(time);
    if (repeating) repeating = spanAt(time);
    const box = video.getBoundingClientRect();
    if (box.bottom < 80 || box.top > innerHeight - 80) video.scrollIntoView({ block: "start" });
  };
  const spanAt = (time) => data.reps.concat(data.holds).find((each) => each.start <= time && time < each.end);

  const step = (direction) => {
    const now = video.currentTime - data.frame;
    const ahead = spans.filter((each) => each.start > now + data.frame);
    const behind = spans.filter((each) => each.start < now - 0.3);
    const target = direction > 0 ? ahead[0] : behind[behind.length - 1];
    if (target) show(target.start);
  };

  // --- colours come from the style sheet, so that light and dark are decided in one place ---

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const KIND = { smooth: "smooth", steady: "smooth", jerky: "jerky", bouncing: "jerky", partial: "partial" };

  // --- the plot ---

  const stripes = (ctx, x, y, width, height, gap) => {
    ctx.save();
    ctx.beginPath();
    ctx.rect(x, y, width, height);
    ctx.clip();
    ctx.beginPath();
    for (let at = x - height; at < x + width; at += gap) {
      ctx.moveTo(at, y + height);
      ctx.lineTo(at + height, y);
    }
    ctx.globalAlpha = 0.35;
    ctx.stroke();
    ctx.restore();
  };

  const bands = (plot) => {
    const { ctx } = plot;
    const ratio = uPlot.pxRatio;
    const { left, top, width, height } = plot.bbox;
    ctx.save();
    ctx.font = `600 ${12 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = "center";
    ctx.lineWidth = ratio;
    for (const each of spans) {
      const from = Math.max(left, plot.valToPos(each.start, "x", true));
      const to = Math.min(left + width, plot.valToPos(each.end, "x", true));
      if (to <= from) continue;
      ctx.fillStyle = ctx.strokeStyle = colour(KIND[each.kind]);
      ctx.globalAlpha = 0.16;
      ctx.fillRect(from, top, to - from, height);
      ctx.globalAlpha = 1;
      if (KIND[each.kind] === "jerky") stripes(ctx, from, top, to - from, height, 7 * ratio);
      if (plot.root.parentNode.id === "angle" && to - from > 12 * ratio) {
        ctx.fillText(each.label, (from + to) / 2, top - 5 * ratio);
      }
    }
    ctx.restore();
  };

  const axis = (more) => ({
    stroke: () => colour("muted"),
    grid: { stroke: () => colour("line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
    ...more,
  });

  const minus = (value, unit) => (value < 0 ? "\u2212" : "") + Math.abs(value) + unit;

  const angleRange = (_, low, high) => {
    if (low == null) return [-LEAST_SPAN_DEG / 2, LEAST_SPAN_DEG / 2];
    const middle = (low + high) / 2;
    const half = Math.max((high - low) * 0.54, LEAST_SPAN_DEG / 2);
    return [middle - half, middle + half];
  };

  const clock = (tick) => {
    if (last < LONG_S) return `${tick} s`;
    const seconds = Math.round(tick % 60);
    return `${Math.floor(tick / 60)}:${String(seconds).padStart(2, "0")}`;
  };

  const plots = [];
  const common = (width, height) => ({
    width,
    height,
    legend: { show: false },
    scales: { x: { time: false } },
    cursor: {
      y: false,
      points: { size: 7 },
      drag: { x: true, y: false, dist: 8 },
      sync: { key: "posecount" },
    },
    hooks: { drawClear: [bands], setScale: [together], ready: [playheadIn] },
  });

  function together(plot, key) {
    if (key !== "x") return;
    const { min, max } = plot.scales.x;
    for (const other of plots) {
      if (other !== plot && (other.scales.x.min !== min || other.scales.x.max !== max)) {
        other.setScale("x", { min, max });
      }
    }
    $("all").hidden = !(min > first + 0.01 || max < last - 0.01);
    moveHeads();
  }

  function playheadIn(plot) {
    const head = document.createElement("div");
    head.className = "playhead";
    plot.over.append(head);
    plot.head = head;
    plot.over.addEventListener("click", (event) => {
      const time = plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, "x");
      const span = spanAt(time);
      show(span ? span.start : time);
    });
  }

  function moveHeads() {
    for (const plot of plots) {
      if (!plot.head) continue; // not drawn yet
      const { min, max } = plot.scales.x;
      const time = video.currentTime;
      plot.head.hidden = time < min || time > max;
      if (!plot.head.hidden) plot.head.style.left = `${plot.valToPos(time, "x")}px`;
    }
  }

  const first = 0;
  const last = Math.max(data.time[data.time.length - 1] || 1, 1);
  const whole = () => [first, last];
  const measured = [data.left, data.right].some((angles) => angles.some((angle) => angle != null));
  const height = measured ? HEIGHT : UNMEASURED;
  const leg = (name, dash) => ({
    stroke: () => colour(name),
    width: 2,
    dash,
    points: { show: false },
    spanGaps: false,
  });

  const drawAngle = () => {
    const options = common($("angle").clientWidth, height);
    options.scales.x.range = (_, low, high) => (low == null ? whole() : [low, high]);
    options.scales.y = { range: angleRange };
    options.padding = [20, 8, 0, 0];
    options.axes = [
      axis({ size: 30, values: (_, ticks) => ticks.map(clock) }),
      axis({ size: 48, values: (_, ticks) => ticks.map((tick) => (measured ? minus(tick, "°") : "")) }),
    ];
    options.series = [{}, leg("left"), leg("right", [6, 3])];
    options.hooks.setCursor = [read];
    const plot = new uPlot(options, [data.time, data.left, data.right], $("angle"));
    plots.push(plot);
    return plot;
  };

  const drawCadence = () => {
    const rates = data.cadence.rate.filter((rate) => rate != null);
    if (!rates.length) return;
    const options = common($("cadence").clientWidth, 92);
    options.scales.x.range = (_, low, high) => (low == null ? whole() : [low, high]);
    options.scales.y = { range: [0, Math.max(...rates) * 1.25] };
    options.padding = [8, 8, 0, 0];
    options.axes = [
      axis({ size: 4, values: (_, ticks) => ticks.map(() => "") }),
      axis({ size: 48, values: (_, ticks) => ticks.map(String), space: 24 }),
    ];
    options.series = [
      {},
      { stroke: () => colour("ink"), width: 1.5, points: { show: true, size: 7, fill: () => colour("ink") } },
    ];
    // The ends keep the time axis as long as the angle's.
    const times = [first, ...data.cadence.time, last];
    const values = [null, ...data.cadence.rate, null];
    const title = document.createElement("p");
    title.className = "hint";
    title.textContent = words.cadence;
    $("cadence").append(title);
    plots.push(new uPlot(options, [times, values], $("cadence")));
  };

  // --- figures under the cursor, or else at the moment that the video shows ---

  const nearest = (time) => {
    let low = 0;
    let high = data.time.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (data.time[middle] < time) low = middle + 1; else high = middle;
    }
    return low;
  };

  function read(plot) {
    const index = plot && plot.cursor.idx != null ? plot.cursor.idx : nearest(video.currentTime);
    for (const side of ["left", "right"]) {
      const value = data[side][index];
      $(`read-${side}`).textContent = value == null ? "\u2013" : minus(Math.round(value), "°");
    }
  }

  // --- while it plays ---

  const rows = [...document.querySelectorAll("tr.rep")];
  // Looked at closely, the plot turns its page when the video leaves it.
  const turn = (time) => {
    const { min, max } = plots[0].scales.x;
    if (min == null || (min <= time && time <= max)) return;
    const from = Math.min(Math.max(time - 0.1 * (max - min), first), last - (max - min));
    plots[0].setScale("x", { min: from, max: from + max - min });
  };

  const follow = () => {
    const time = video.currentTime;
    turn(time);
    if (repeating && (time >= repeating.end || time < repeating.start - 0.5)) go(repeating.start);
    for (const row of rows) row.classList.toggle("now", row.dataset.start <= time && time < row.dataset.end);
    moveHeads();
    if (plots[0] && plots[0].cursor.idx == null) read(plots[0]);
    if (!video.paused) requestAnimationFrame(follow);
  };

  // --- begin ---

  const angle = drawAngle();
  drawCadence();
  for (const event of ["play", "seeking", "seeked", "timeupdate"]) video.addEventListener(event, follow);
  $("all").addEventListener("click", () => angle.setScale("x", { min: first, max: last }));
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  $("speed").addEventListener("change", (event) => { video.playbackRate = Number(event.target.value); });
  $("repeat").addEventListener("click", (event) => {
    repeating = repeating ? null : spanAt(video.currentTime) || spans[0] || null;
    event.currentTarget.setAttribute("aria-pressed", String(Boolean(repeating)));
    if (repeating) { go(repeating.start); video.play(); }
  });
  document.querySelector(".controls").hidden = false;
  video.addEventListener("error", () => { $("trouble").hidden = false; });
  if (video.error) $("trouble").hidden = false;
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-start]");
    if (target) show(Number(target.dataset.start));
  });
  ["left", "right"].forEach((side, index) => {
    $(`show-${side}`).addEventListener("change", (event) => {
      angle.setSeries(index + 1, { show: event.target.checked });
    });
  });
  // Beside the video the plot is as tall as it, within reason; below it, as drawn first.
  const player = document.querySelector(".player");
  const section = document.querySelector("section.plot");
  const tall = () => {
    if (!measured || player.offsetTop !== section.offsetTop) return height;
    const others = section.offsetHeight - angle.height;
    return Math.min(Math.max(player.offsetHeight - others, SHORTEST), TALLEST);
  };
  const fit = () => {
    angle.setSize({ width: $("angle").clientWidth, height: tall() });
    for (const plot of plots.slice(1)) plot.setSize({ width: plot.root.parentNode.clientWidth, height: plot.height });
    moveHeads();
  };
  const watch = new ResizeObserver(fit);
  watch.observe($("plots"));
  watch.observe(player);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plots.forEach((plot) => plot.redraw()));
  if (last > 1.5 * LONG_S) angle.setScale("x", { min: first, max: LONG_S / 2 }); // all at once would be one blot
  follow();
})();
