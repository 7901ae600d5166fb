"""Whether a screen of the phone app stands right at a size: nothing wider than the screen, no words on other
words, no button cut off, no word broken in two, nothing too small for
a thumb, or covered by something else where it stands in sight."""

from __future__ import annotations

from playwright.sync_api import Page, ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 640}
SMALL_PHONE: ViewportSize = {"width": 320, "height": 568}
SIZES = (SMALL_PHONE, PHONE)
_TARGET_PX = 24
"""The least that WCAG 2.2 asks of something to tap."""
_WORD = 12
"""A word of as many letters stays on one line."""

_FAULTS = """([least, longest]) => {
  const bad = [];
  const brief = (one) =>
    (one.textContent.trim() || one.getAttribute('aria-label') || one.tagName).slice(0, 40);
  const root = document.documentElement;
  const wider = root.scrollWidth - root.clientWidth;
  const right = (one) => one.getBoundingClientRect().right;
  const out = [...document.querySelectorAll('*')].filter((one) => right(one) > root.clientWidth);
  if (wider > 0) bad.push(`wider by ${wider} px: ${out.map((one) => one.outerHTML.slice(0, 60)).join(' ')}`);

  const dialog = document.querySelector('dialog[open], [role=dialog]'); // what lies behind it is out of reach
  const shown = dialog ?? document.body;
  const words = [...shown.querySelectorAll('*')].filter((one) =>
    [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ''));
  const bars = (one) => one.closest('nav, .actions, .find, .send, .unseen, option, svg') !== null;
  const boxes = words.filter((one) => one.checkVisibility() && !bars(one)).map((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return [one, range.getBoundingClientRect()];
  }).filter(([, box]) => box.width > 0 && box.height > 0);
  for (const [one, a] of boxes) for (const [other, b] of boxes) {
    if (one === other || one.contains(other) || other.contains(one)) continue;
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 3 && high > 5) bad.push(brief(one) + ' lies on ' + brief(other));
  }
  const whole = words.filter((one) => one.checkVisibility() && !one.closest('svg, select, [translate=no]'));
  for (const node of whole.flatMap((one) => [...one.childNodes]).filter(({ nodeType }) => nodeType === 3)) {
    for (const { 0: word, index } of node.data.matchAll(/[\\p{L}’']+/gu)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const drawn = [...range.getClientRects()].filter(({ width }) => width > 1);
      const lines = new Set(drawn.map(({ top }) => top)).size;
      if (word.length <= longest && lines > 1) bad.push('broken: ' + word);
    }
  }
  for (const button of shown.querySelectorAll('nav a, .actions button, .actions a')) {
    if (button.scrollWidth > button.clientWidth + 1) bad.push('cut off: ' + brief(button));
  }

  for (const one of shown.querySelectorAll('button, a[href], input, select, textarea')) {
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const box = one.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const small = box.width < least || box.height < least;
    if (one.matches('button, a[href]') && small) bad.push('small: ' + brief(one));
    if (one.closest('.actions, nav, dialog, [role=dialog]') === null) continue;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) {
      if (one.closest('.actions, nav') !== null) bad.push('out of sight: ' + brief(one));
      continue;
    }
    const top = document.elementFromPoint(x, y);
    if (top === null || !(one.contains(top) || top.contains(one) || top.closest('label')?.contains(one)))
      bad.push('covered: ' + brief(one));
  }
  return bad;
}"""


def faults(page: Page) -> list[str]:
    """What is wrong with the screen, looked at on a small phone and on a common one; it is left as it was."""
    before = page.viewport_size
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        found += [
            f"{size['width']}x{size['height']}: {one}" for one in page.evaluate(_FAULTS, [_TARGET_PX, _WORD])
        ]
    if before is not None:
        page.set_viewport_size(before)
    return found
