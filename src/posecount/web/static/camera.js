// The camera's newest picture as a JPEG, each with the time it was captured. Nothing waits in a queue here.

const LONGEST = 1280; // more pixels do not help the landmarks, and cost light and time
const QUALITY = 0.85;

export class Camera {
  constructor(video) {
    this.video = video;
    this.canvas = document.createElement("canvas");
    this.facing = "user";
  }

  async open(facing = "user") {
    if (!navigator.mediaDevices?.getUserMedia) {
      throw new Error("The browser gives no camera to this address. Open posecount at http://127.0.0.1, or by HTTPS.");
    }
    this.close();
    this.facing = facing;
    const video = { facingMode: facing, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    } catch (error) {
      throw new Error(why(error));
    }
    this.video.srcObject = this.stream;
    await this.video.play();
    // What faces the person is a mirror; what looks away from its user is not.
    const faces = this.stream.getVideoTracks()[0].getSettings().facingMode ?? "user";
    this.mirrored = faces === "user";
    this.video.classList.toggle("mirrored", this.mirrored);
  }

  onLost(tell) {
    this.stream.getVideoTracks()[0].addEventListener("ended", () => this.stream && tell());
  }

  // Calls take(whole milliseconds) for each new picture, until closed.
  frames(take) {
    const stream = this.stream;
    let last = -1;
    const next = (now, about) => {
      if (this.stream !== stream) return;
      const time = Math.round(about?.captureTime ?? now);
      if (time > last) { last = time; take(time); }
      this.#request(next);
    };
    this.#request(next);
  }

  #request(next) {
    if (this.video.requestVideoFrameCallback) this.video.requestVideoFrameCallback(next);
    else requestAnimationFrame(next);
  }

  // The picture that is there now: [the canvas' copy for drawing, its JPEG].
  async picture() {
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.min(1, LONGEST / Math.max(videoWidth, videoHeight));
    this.canvas.width = Math.round(videoWidth * scale);
    this.canvas.height = Math.round(videoHeight * scale);
    const pen = this.canvas.getContext("2d", { alpha: false });
    pen.drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    const bitmap = createImageBitmap(this.canvas);
    const blob = await new Promise((done) => this.canvas.toBlob(done, "image/jpeg", QUALITY));
    return [await bitmap, blob];
  }

  close() {
    const stream = this.stream;
    this.stream = null;
    stream?.getTracks().forEach((track) => track.stop());
  }
}

function why(error) {
  if (error.name === "NotAllowedError") return "The camera is not allowed here. Allow it beside the address, then start again.";
  if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "No camera was found. Plug one in, or use your phone.";
  if (error.name === "NotReadableError") return "The camera is in use elsewhere. Close the other program, then start again.";
  return `The camera does not start: ${error.message}`;
}
