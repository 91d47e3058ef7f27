/** On the box of a pinned row, its subagents included; the value is the chat's id. */
export const PIN_ROW = "data-pin-row";

export type RowBox = { top: number; height: number };

/** The place, from 0, that a row takes when it was moved by so many pixels: it has passed a row when it covers its middle. */
export function placeOfDrag(boxes: readonly RowBox[], from: number, offsetPx: number): number {
  const own = boxes[from];
  if (!own) return from;
  const top = own.top + offsetPx;
  const bottom = top + own.height;
  const middle = ({ top: boxTop, height }: RowBox) => boxTop + height / 2;
  if (offsetPx > 0) return from + boxes.slice(from + 1).filter((box) => bottom > middle(box)).length;
  return from - boxes.slice(0, from).filter((box) => top < middle(box)).length;
}
