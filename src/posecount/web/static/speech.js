// What is heard: the browser's own voice for counts and cues, a tone for each rep, hold and breath.

// from Hz, to Hz, seconds, loudness; the same as in the window
const PAUSE = [0, 0, 0.03, 0];
const TONES = {
  smooth: [[880, 880, 0.09, 0.5]],
  jerky: [[220, 220, 0.05, 0.5], PAUSE, [208, 208, 0.05, 0.5], PAUSE, [196, 196, 0.07, 0.5]],
  partial: [[440, 440, 0.06, 0.25]],
  held: [[659, 659, 0.15, 0.3], [523, 523, 0.25, 0.3]],
  count: [[587, 587, 0.1, 0.35]],
  go: [[784, 784, 0.3, 0.45]],
};
const ADVICE_MS = 7000; // the same advice is not spoken oftener

export class Speech {
  constructor() {
    this.muted = false;
    this.advice = ["", 0];
  }

  // Browsers let a page sound only after a click.
  wake() {
    this.audio ??= window.AudioContext ? new AudioContext() : null;
    this.audio?.resume();
  }

  tone(name) {
    if (this.muted || !this.audio) return;
    let at = this.audio.currentTime + 0.01;
    for (const [from, to, seconds, loudness] of TONES[name]) {
      const voice = this.audio.createOscillator(), volume = this.audio.createGain();
      voice.frequency.setValueAtTime(from || 1, at);
      voice.frequency.linearRampToValueAtTime(to || 1, at + seconds);
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(loudness / 3, at + 0.01);
      volume.gain.setValueAtTime(loudness / 3, at + seconds - 0.01);
      volume.gain.linearRampToValueAtTime(0, at + seconds);
      voice.connect(volume).connect(this.audio.destination);
      voice.start(at);
      voice.stop(at + seconds);
      at += seconds;
    }
  }

  // A number gives way to anything; a cue is not cut off by a number.
  say(text, urgent = false) {
    if (this.muted || !text || !window.speechSynthesis) return;
    if (!urgent && this.urgent && speechSynthesis.speaking) return;
    speechSynthesis.cancel();
    this.urgent = urgent;
    const words = new SpeechSynthesisUtterance(text);
    words.lang = "en";
    speechSynthesis.speak(words);
  }

  // How to stand, for someone who is too far away to read it.
  advise(text) {
    const [last, at] = this.advice, now = performance.now();
    if (!text || (text === last && now - at < ADVICE_MS)) return;
    this.advice = [text, now];
    this.say(text, true);
  }

  hush() { window.speechSynthesis?.cancel(); }
}
