// The picture with the legs drawn in. Positions come as shares of the picture; a mirror turns all but letters.

const COLOUR = { left: "#56b4e9", right: "#e68fbe" };
const INK = "#0d1117", PAPER = "#f6f8fa", FAINT = "#8b96a3";
const SHOULDERS = [0, 1];
const JOINTS = { left: [2, 4, 6, 8, 10], right: [3, 5, 7, 9, 11] }; // hip, knee, ankle, heel, toe
const BONES = [[0, 1], [1, 2], [2, 3], [3, 4], [2, 4]];

export class Overlay {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d", { alpha: false });
  }

  draw(image, scene, mirrored) {
    const { canvas, pen } = this;
    if (canvas.width !== image.width || canvas.height !== image.height) {
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.closest(".stage").style.setProperty("--shape", `${image.width}/${image.height}`);
    }
    pen.setTransform(mirrored ? -1 : 1, 0, 0, 1, mirrored ? canvas.width : 0, 0);
    pen.drawImage(image, 0, 0);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    if (!scene.points) return;
    const at = scene.points.map(([x, y]) => x === null ? null : [(mirrored ? 1 - x : x) * canvas.width, y * canvas.height]);
    this.#trunk(at);
    const legs = ["left", "right"].sort((a, b) => scene.legs[a].measured - scene.legs[b].measured);
    for (const leg of legs) this.#leg(JOINTS[leg].map((n) => at[n]), leg, scene.legs[leg]);
  }

  #trunk(at) {
    if ([...SHOULDERS, 2, 3].some((n) => at[n] === null)) return; // only the legs are in the picture
    const shoulder = middle(...SHOULDERS.map((n) => at[n])), hip = middle(at[2], at[3]);
    this.#line([shoulder, hip], FAINT, 0.004 * this.canvas.height);
  }

  #leg(at, leg, state) {
    if (at.includes(null)) return;
    const width = Math.min(Math.max(distance(at[1], at[2]) * 0.045, 2), 9) * (state.measured ? 1 : 0.6);
    if (state.measured) for (const bone of BONES) this.#line(bone.map((n) => at[n]), INK, 1.9 * width);
    for (const bone of BONES) this.#line(bone.map((n) => at[n]), state.measured ? COLOUR[leg] : FAINT, width);
    if (!state.measured) return;
    for (const joint of at) { this.#disc(joint, 1.35 * width, INK); this.#disc(joint, width, PAPER); }
    if (state.ankle_deg !== null) this.#arc(at, leg, width);
  }

  // From the shank to where the foot points: the angle that is measured.
  #arc([, knee, ankle, heel, toe], leg, width) {
    const from = Math.atan2(knee[1] - ankle[1], knee[0] - ankle[0]);
    const to = Math.atan2(toe[1] - heel[1], toe[0] - heel[0]);
    const turn = Math.atan2(Math.sin(to - from), Math.cos(to - from));
    const radius = 0.3 * distance(knee, ankle);
    for (const [colour, thick] of [[INK, 1.4 * width], [COLOUR[leg], 0.7 * width]]) {
      this.pen.beginPath();
      this.pen.arc(...ankle, radius, from, from + turn, turn < 0);
      this.#stroke(colour, thick);
    }
  }

  #line(points, colour, width) {
    this.pen.beginPath();
    points.forEach((point, n) => this.pen[n ? "lineTo" : "moveTo"](...point));
    this.#stroke(colour, width);
  }

  #stroke(colour, width) {
    Object.assign(this.pen, { strokeStyle: colour, lineWidth: width, lineCap: "round", lineJoin: "round" });
    this.pen.stroke();
  }

  #disc(at, radius, colour) {
    this.pen.beginPath();
    this.pen.arc(...at, radius, 0, 2 * Math.PI);
    this.pen.fillStyle = colour;
    this.pen.fill();
  }
}

const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
