// The WebSocket to posecount: pictures there, scenes and events back. At most two pictures are on their way;
// while they are, newer ones are left out, so that what is shown is never old.

const AHEAD = 2;
const PATIENCE_MS = 3000; // a picture that could not be read is never answered

export class Link {
  constructor(path, { hello, hear, picture, closed }) {
    this.sent = []; // {time, at, bitmap} on their way
    this.packing = false;
    this.socket = new WebSocket(`${location.origin.replace("http", "ws")}${path}`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => hello && this.send(hello);
    this.socket.onmessage = ({ data }) => (typeof data === "string" ? hear(JSON.parse(data)) : picture?.(data));
    this.socket.onclose = (event) => { this.#forget(Infinity); closed(event.reason, event.code); };
  }

  get open() { return this.socket.readyState === WebSocket.OPEN; }

  send(fields) { if (this.open) this.socket.send(JSON.stringify(fields)); }

  // Packs and sends the camera's picture, unless two are on their way or one is being packed.
  async offer(camera, time) {
    if (this.packing || !this.#free) return;
    const entry = { time, at: performance.now(), bitmap: null };
    this.sent.push(entry);
    this.packing = true; // one at a time, so that pictures leave in their order
    try {
      const [bitmap, blob] = await camera.picture();
      entry.bitmap = bitmap;
      const bytes = new Uint8Array(8 + blob.size);
      new DataView(bytes.buffer).setFloat64(0, time, true);
      bytes.set(new Uint8Array(await blob.arrayBuffer()), 8);
      if (this.open) this.socket.send(bytes);
    } catch (error) {
      console.info("a picture was left out:", error.message); // of a camera that was just closed or turned
      this.sent = this.sent.filter((each) => each !== entry);
    } finally {
      this.packing = false;
    }
  }

  get #free() {
    this.#forget(-Infinity);
    return this.open && this.sent.length < AHEAD;
  }

  // The picture that a scene belongs to; it and older ones are on their way no more. The caller closes it.
  arrived(time) {
    const entry = this.sent.find((each) => each.time === time);
    const bitmap = entry?.bitmap ?? null;
    if (entry) entry.bitmap = null;
    this.#forget(time);
    return bitmap;
  }

  #forget(upTo) {
    const now = performance.now();
    const gone = (each) => each.time <= upTo || now - each.at > PATIENCE_MS;
    for (const each of this.sent.filter(gone)) each.bitmap?.close();
    this.sent = this.sent.filter((each) => !gone(each));
  }

  close() { this.socket.close(); }
}
