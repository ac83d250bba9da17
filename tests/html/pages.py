#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Look at HTML reports in Chromium: tests/html/pages.py [--update] SAMPLE.html PAGE.html...

Every page is looked at on a wide screen and on two phones, light and dark. The
sample is compared with pictures in reference/ as well; --update makes them anew.
Prints a line for each test; what is wrong stands above a FAIL.
"""
import os
import subprocess
import sys
import tempfile

from PIL import Image, ImageChops, ImageStat

from browser import Browser

HERE = os.path.dirname(os.path.abspath(__file__))
SCREENS = [(1280, False), (390, False), (320, True)]
# Name of the picture, width, dark, medium.
PICTURES = [("wide", 1280, False, "screen"), ("wide-dark", 1280, True, "screen"),
            ("phone", 390, False, "screen"), ("print", 794, False, "print")]

# What sticks out of the page, as text. On a narrow page a table's header is hidden.
SIDEWAYS = """(() => {
    const out = [], width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) out.push("the page scrolls sideways");
    for (const e of document.querySelectorAll("body *")) {
        const r = e.getBoundingClientRect();
        if (!r.width || e.closest("thead") || e.closest("defs")) continue;
        if (r.left < -1 || r.right > width + 1)
            out.push(`${e.tagName} from ${r.left} to ${r.right}: ${e.textContent.slice(0, 60)}`);
    }
    return out;
})()"""

# Words that leave the box of an address map which they are written in.
BOXES = """(() => {
    const out = [];
    for (const svg of document.querySelectorAll("svg.map")) {
        const all = svg.getBoundingClientRect();
        for (const text of svg.querySelectorAll("text")) {
            const r = text.getBoundingClientRect();
            if (r.right > all.right + 1 || r.bottom > all.bottom + 1)
                out.push("leaves the picture: " + text.textContent);
        }
        const bars = [...svg.querySelectorAll("rect.bar, rect.misfit")];
        const windows = [...svg.querySelectorAll("rect.window, rect.bridge")];
        for (const bar of windows.length ? bars : []) {
            const b = bar.getBoundingClientRect();
            if (!windows.some(w => (r => r.top <= b.top && r.bottom >= b.bottom &&
                                    r.left <= b.left && r.right >= b.right)(w.getBoundingClientRect())))
                out.push("a BAR is drawn in no window");
        }
    }
    return out;
})()"""

HEADINGS = """(() => {
    document.querySelectorAll("details").forEach(d => d.open = true);
    const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(h => +h.tagName[1]);
    const out = levels.filter((l, i) => l > (i ? levels[i - 1] : 0) + 1).map(l => "h" + l + " out of order");
    if (levels.filter(l => l == 1).length != 1) out.push("not one h1");
    return out;
})()"""

# Contrast of all words with what is behind them: AA asks for 4.5.
CONTRAST = """(() => {
    document.querySelectorAll("details").forEach(d => d.open = true);
    const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
    const light = c => c.slice(0, 3).map(v => v / 255).map(
        v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
    const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
    const behind = e => {
        for (; e; e = e.parentElement) {
            const c = parse(getComputedStyle(e).backgroundColor);
            if (c.length == 3 || c[3] > 0) return c;
        }
        return [255, 255, 255];
    };
    const box = text => {
        const r = text.getBoundingClientRect(), x = r.left + 2, y = (r.top + r.bottom) / 2;
        const under = [...text.ownerSVGElement.querySelectorAll("rect")].filter(rect => {
            const b = rect.getBoundingClientRect();
            return b.left <= x && b.right >= x && b.top <= y && b.bottom >= y &&
                getComputedStyle(rect).fill.startsWith("rgb");
        }).pop();
        return under ? parse(getComputedStyle(under).fill) : behind(text.ownerSVGElement);
    };
    const out = [];
    for (const e of document.querySelectorAll("body *")) {
        if (![...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim())) continue;
        if (e.closest("title, desc, style")) continue;
        const drawn = e.tagName == "text", style = getComputedStyle(e);
        const got = ratio(parse(drawn ? style.fill : style.color), drawn ? box(e) : behind(e));
        if (got < 4.5) out.push(`contrast ${got.toFixed(2)}: ${e.textContent.slice(0, 60)}`);
    }
    return [...new Set(out)];
})()"""

FOCUS = """(() => {
    const e = document.activeElement, s = getComputedStyle(e);
    return [e.tagName, s.outlineStyle != "none" && parseFloat(s.outlineWidth) >= 2];
})()"""

failed = False


def report(name, problems):
    """One line for a test, and what is wrong above it."""
    global failed
    for problem in problems[:10]:
        print("    " + problem)
    print(f"FAIL: html/{name}: see above" if problems else f"PASS: html/{name}", flush=True)
    failed |= bool(problems)


def asked_outside(browser, path):
    """Messages on the console, and requests for anything but the page itself."""
    problems = [str(e["params"]) for e in browser.happened(
        "Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")]
    for event in browser.happened("Network.requestWillBeSent"):
        url = event["params"]["request"]["url"]
        if url != "file://" + os.path.abspath(path):
            problems.append("asks for " + url)
    return problems


def roles(browser):
    """What a screen reader finds: landmarks, and a name for each picture."""
    nodes = [n for n in browser.call("Accessibility.getFullAXTree")["nodes"] if not n.get("ignored")]
    found = [n["role"]["value"] for n in nodes]
    problems = [f"{found.count(role)} landmarks of role {role}"
                for role in ("banner", "main", "contentinfo") if found.count(role) != 1]
    for node in nodes:
        if node["role"]["value"] in ("image", "img") and not node.get("name", {}).get("value"):
            problems.append("a picture without a name")
        if node["role"]["value"] == "region" and not node.get("name", {}).get("value"):
            problems.append("a region without a name")
    return problems


def keyboard(browser):
    """The Tab key reaches everything that opens, and shows where it is."""
    expected = browser.value("document.querySelectorAll('summary, [tabindex=\"0\"]').length")
    problems = []
    for _ in range(expected):
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab",
                         windowsVirtualKeyCode=9)
        tag, shown = browser.value(FOCUS)
        if tag not in ("SUMMARY", "PRE") or not shown:
            problems.append(f"Tab leads to {tag}, focus shown: {shown}")
    return problems


def look_at(browser, path):
    """Everything that holds for any page."""
    problems = []
    for width, dark in SCREENS:
        browser.open(path, width, dark=dark)
        seen = browser.value(SIDEWAYS) + browser.value(BOXES) + browser.value(CONTRAST)
        # Opened, it must fit as well.
        seen += browser.value(SIDEWAYS) + asked_outside(browser, path)
        problems += [f"{width} pixels{', dark' if dark else ''}: {p}" for p in seen]
    problems += browser.value(HEADINGS) + roles(browser)
    return problems


def difference(expected, seen):
    """What is different between two pictures; small shifts of single letters are nothing."""
    if not os.path.exists(expected):
        return ["there is no " + expected]
    a, b = (Image.open(p).convert("L") for p in (expected, seen))
    if a.width != b.width or abs(a.height - b.height) > a.height * 0.02:
        return [f"{b.size} instead of {a.size}"]
    size = (a.width // 8, min(a.height, b.height) // 8)
    a, b = (p.crop((0, 0, p.width, size[1] * 8)).resize(size, Image.BOX) for p in (a, b))
    seen_difference = ImageChops.difference(a, b)
    mean = ImageStat.Stat(seen_difference).mean[0]
    far = sum(seen_difference.histogram()[96:]) / (size[0] * size[1])
    return [f"differs: mean {mean:.1f}, {far:.2%} of it much"] if mean > 4 or far > 0.01 else []


def pictures(browser, path, update):
    """The sample as it was when somebody last looked at it."""
    for name, width, dark, media in PICTURES:
        reference = os.path.join(HERE, "reference", name + ".png")
        with tempfile.TemporaryDirectory() as folder:
            seen = reference if update else os.path.join(folder, "seen.png")
            browser.open(path, width, dark=dark, media=media)
            browser.screenshot(seen, scale=0.5)
            report("picture-" + name, difference(reference, seen))


def on_paper(browser, path):
    """What is folded away on a screen is printed."""
    with tempfile.TemporaryDirectory() as folder:
        pdf = os.path.join(folder, "page.pdf")
        browser.open(path, 1280, media="print")
        browser.pdf(pdf)
        text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True,
                              check=True).stdout
    return [] if "Words that are folded away." in text else ["folded words are not printed"]


def main(arguments):
    """Status 1 if a test failed."""
    update = arguments[0] == "--update"
    sample, *pages = arguments[update:]
    with Browser() as browser:
        for page in [sample, *pages]:
            report(os.path.basename(page).removesuffix(".html"), look_at(browser, page))
        browser.open(sample, 1280)
        report("keyboard", keyboard(browser))
        report("paper", on_paper(browser, sample))
        pictures(browser, sample, update)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
