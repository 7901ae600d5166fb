"""What axe-core finds wrong with a page, for people who cannot see it, or not well, or cannot point."""

from __future__ import annotations

from playwright.sync_api import Page

from hodi.config import ROOT

_SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_GRAVE = ("critical", "serious", "moderate")

_RUN = """async (grave) => {
  const found = await axe.run(document, {
    resultTypes: ['violations'],
    rules: { 'target-size': { enabled: true } }, // WCAG 2.2, not on by itself
  });
  return found.violations
    .filter((one) => grave.includes(one.impact))
    .flatMap((one) =>
      one.nodes.map((node) => [one.impact, one.id, node.target.join(' '), node.failureSummary].join(' '))
    );
}"""


def violations(page: Page) -> list[str]:
    """Violations on a page that are critical, serious or moderate, each with the place in the page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SOURCE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN, list(_GRAVE))
    return found
