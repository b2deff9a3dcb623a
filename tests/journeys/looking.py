"""What a page must be for everybody: found without fault by axe, in light, in dark, and on a telephone."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page, ViewportSize

DESK: ViewportSize = {"width": 1280, "height": 900}
TELEPHONE: ViewportSize = {"width": 390, "height": 844}
ALL_RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# What colours and width can break; the rest is the same document.
WHAT_CHANGES = {
    "resultTypes": ["violations"],
    "runOnly": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"],
}

# Elements that reach past the right edge and are in no box that scrolls by itself.
TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  const scrolls = e => e
    && (/(auto|scroll|hidden|clip)/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter(e => e.getBoundingClientRect().right > edge + 1 && !scrolls(e.parentElement))
    .slice(0, 5).map(e => e.outerHTML.slice(0, 200));
}"""


def faults_of(page: Page, within: str = "html") -> list[str]:
    """What is wrong with the page as it stands, each fault with the element that has it.

    axe looks `within` a selector: where only a part of a long page is new, a look at that part is enough.
    """
    page.evaluate(AXE_SCRIPT)
    found = [f"at a desk, light: {fault}" for fault in _axe(page, within, ALL_RULES)]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(TELEPHONE)
    found += [f"on a telephone, dark: {fault}" for fault in _axe(page, within, WHAT_CHANGES)]
    if page.evaluate("document.scrollingElement.scrollWidth > window.innerWidth"):
        found += [f"on a telephone: too wide: {element}" for element in page.evaluate(TOO_WIDE) or ["?"]]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    return found


def _axe(page: Page, within: str, options: dict[str, Any]) -> list[str]:
    result = page.evaluate("([within, options]) => axe.run(within, options)", [within, options])
    return [
        f"{violation['id']}: {violation['help']}\n    {node['html']}\n    {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"][:4]
    ]
