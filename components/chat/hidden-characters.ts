/**
 * Characters that are not seen but change what is seen or read: bidirectional controls turn text around, zero-width ones
 * make two words look alike, tag characters carry whole sentences. Flags of England, Scotland and Wales are written in
 * tag characters behind a black flag; they match first and stay.
 */
const FLAG_OR_HIDDEN =
  /\u{1f3f4}[\u{e0061}-\u{e007a}]{2,6}\u{e007f}|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0001}\u{e0020}-\u{e007f}]/gu;

const isFlag = (match: string): boolean => match.startsWith("\u{1f3f4}");

/** `[U+202E]` in place of each hidden character. The joiners inside of emoji stay. */
export function revealHidden(text: string): string {
  return text.replace(FLAG_OR_HIDDEN, (match) =>
    isFlag(match) ? match : `[U+${match.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}]`,
  );
}
