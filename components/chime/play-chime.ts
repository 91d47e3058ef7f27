/** Two soft notes, a fifth apart, in hertz. */
const NOTES = [659.25, 987.77] as const;
const NOTE_SECONDS = 0.14;
const FADE_SECONDS = 0.5;
const VOLUME = 0.12;

let audio: AudioContext | undefined;

/** Plays nothing in a page that nobody has touched yet: browsers allow no sound there. */
export async function playChime(): Promise<void> {
  audio ??= new AudioContext();
  if (audio.state !== "running") await audio.resume();
  for (const [index, hertz] of NOTES.entries()) playNote(audio, hertz, audio.currentTime + index * NOTE_SECONDS);
}

function playNote(context: AudioContext, hertz: number, at: number): void {
  const tone = new OscillatorNode(context, { frequency: hertz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(VOLUME, at);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + FADE_SECONDS);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + FADE_SECONDS);
}
