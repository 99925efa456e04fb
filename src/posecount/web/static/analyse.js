// The Analyse page: each video that is dropped becomes a row that fills, and then leads to its report.

const byId = (id) => document.getElementById(id);
const form = byId("form"), drop = byId("drop"), input = byId("file");
const EVERY_MS = 500, REMEMBERED = "posecount.reports";

input.addEventListener("change", () => {
  take(input.files);
  input.value = "";
});
for (const kind of ["dragenter", "dragover"]) {
  addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) drop.classList.remove("over");
});
addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  take(event.dataTransfer.files);
});

let sending = Promise.resolve(); // one upload after the other

function take(files) {
  for (const file of files) {
    const row = new Row(file.name);
    sending = sending.then(() => row.send(file)).catch((error) => row.failed(error.message));
  }
}

class Row {
  constructor(name) {
    this.name = name;
    this.element = byId("job").content.firstElementChild.cloneNode(true);
    this.bar = this.element.querySelector("progress");
    this.element.querySelector("h2").textContent = name;
    this.bar.setAttribute("aria-label", name);
    this.button = this.element.querySelector("[data-drop]");
    this.button.addEventListener("click", () => this.drop());
    this.say("Waiting");
    byId("jobs").prepend(this.element);
  }

  say(text, aloud = false) {
    this.element.querySelector("p").textContent = text;
    if (aloud) byId("status").textContent = `${this.name}: ${text}`;
  }

  // XMLHttpRequest, because fetch does not tell how much has been sent.
  send(file) {
    if (this.gone) return Promise.resolve();
    if (file.size > Number(form.dataset.largest)) throw new Error("This video is too large.");
    const wishes = new URLSearchParams({ name: file.name.slice(0, 200) });
    for (const name of ["exercise", "side", "model"]) wishes.set(name, byId(name).value);
    wishes.set("keep", byId("keep").checked);
    this.say("Uploading", true);
    return new Promise((resolve, reject) => {
      const request = this.request = new XMLHttpRequest();
      request.responseType = "json";
      request.upload.onprogress = (event) => { this.bar.value = 0.1 * event.loaded / event.total; };
      request.onload = () => {
        if (request.status === 202) this.follow(request.response.id);
        else this.failed(request.response?.detail ?? request.response?.error ?? "It was refused.");
        resolve();
      };
      request.onerror = () => reject(new Error("posecount does not answer. Is it still running?"));
      request.onabort = resolve;
      request.open("POST", `/analyse/jobs?${wishes}`);
      request.send(file);
    });
  }

  async follow(id) {
    this.id = id;
    remember(this);
    for (;;) {
      const answer = await fetch(`/analyse/jobs/${id}`).catch(() => null);
      if (this.gone) return;
      if (!answer) return this.failed("posecount does not answer. Is it still running?");
      if (!answer.ok) return this.drop();
      const job = await answer.json();
      if (job.state === "done") return this.done(job.message);
      if (job.state === "failed") return this.failed(job.message);
      const share = job.expected ? job.frames / job.expected : 0;
      this.bar.value = 0.1 + 0.9 * share;
      this.say(job.state === "waiting" ? "Waiting its turn" : `Looking at it: ${Math.floor(100 * share)} %`);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  done(message) {
    this.say(`The report is ready. ${message}`, true);
    this.bar.hidden = true;
    this.element.classList.add("done");
    this.button.textContent = "Throw away";
    const links = { open: `/reports/${this.id}/index.html`, keep: `/reports/${this.id}.zip` };
    for (const [name, address] of Object.entries(links)) {
      const link = this.element.querySelector(`[data-${name}]`);
      link.href = address;
      link.hidden = false;
      link.setAttribute("aria-label", `${link.textContent}: ${this.name}`);
    }
  }

  failed(why) {
    this.say(why, true);
    this.bar.hidden = true;
    this.element.classList.add("failed");
    this.button.textContent = "Away with it";
  }

  drop() {
    this.gone = true;
    this.request?.abort();
    if (this.id) fetch(`/analyse/jobs/${this.id}`, { method: "DELETE" }).catch(() => null);
    this.element.remove();
    forget(this.id);
    input.focus();
  }
}

// So that "back" from a report finds the others again; kept by this tab only.
function remembered() {
  return JSON.parse(sessionStorage.getItem(REMEMBERED) ?? "[]");
}

function remember({ id, name }) {
  const others = remembered().filter((each) => each.id !== id);
  sessionStorage.setItem(REMEMBERED, JSON.stringify([...others, { id, name }]));
}

function forget(id) {
  sessionStorage.setItem(REMEMBERED, JSON.stringify(remembered().filter((each) => each.id !== id)));
}

for (const { id, name } of remembered()) new Row(name).follow(id);
