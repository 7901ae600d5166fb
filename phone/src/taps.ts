/**
 * A second or third tap made quickly at the same place belongs to the screen that the first was made on. Where
 * another screen has appeared since, such a tap is dropped: it would answer a question that nobody has read.
 */
const SETTLES_MS = 350;
const SAME_PLACE_PX = 64;

let screens = 0;
let appearedAt = -Infinity;
/** Her last tap, and the screen that she saw when she tapped. */
let last = { x: NaN, y: NaN, at: -Infinity, ignored: false, screen: 0 };

/** Another screen, or another question, stands where she taps. */
export function appeared(): void {
  screens += 1;
  appearedAt = Infinity;
  requestAnimationFrame(() => requestAnimationFrame(() => void (appearedAt = performance.now())));
}

document.addEventListener(
  'click',
  (event) => {
    if (event.detail === 0) return; // a key, not a thumb
    const { clientX: x, clientY: y } = event;
    const at = performance.now();
    const again = last.screen !== screens && Math.hypot(x - last.x, y - last.y) < SAME_PLACE_PX;
    const ignored = again && (at - appearedAt < SETTLES_MS || (last.ignored && at - last.at < SETTLES_MS));
    last = { x, y, at, ignored, screen: ignored ? last.screen : screens };
    if (!ignored) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
