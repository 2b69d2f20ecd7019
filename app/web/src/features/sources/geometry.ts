/** A rectangle of the API: points from the top left of the page as it is displayed. */
export interface PageBox {
  page: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Size {
  width: number;
  height: number;
}

/** How much larger than the words a box is drawn, in points. */
const ROOM = 1;

/** Returns the boxes of a page in percents of it, so that they stay in place at any zoom. */
export function placed(boxes: readonly PageBox[], page: number, size: Size) {
  return boxes
    .filter((box) => box.page === page)
    .map((box) => ({
      left: `${percent(box.left - ROOM, size.width)}%`,
      top: `${percent(box.top - ROOM, size.height)}%`,
      width: `${percent(box.right - box.left + 2 * ROOM, size.width)}%`,
      height: `${percent(box.bottom - box.top + 2 * ROOM, size.height)}%`,
    }));
}

/** Returns how far to scroll, so that the first box of a page stands in the upper third. */
export function scrollTo(pageTop: number, box: PageBox | undefined, scale: number, height: number): number {
  return Math.max(0, box === undefined ? pageTop : pageTop + box.top * scale - height / 3);
}

function percent(value: number, whole: number): number {
  return whole <= 0 ? 0 : Math.round((value / whole) * 10_000) / 100;
}
