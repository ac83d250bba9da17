#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A picture of a page as on a screen: tests/html/picture.py PAGE.html PICTURE.png [WIDTH [HEIGHT]]"""
import sys

from PIL import Image

from browser import Browser

with Browser() as browser:
    browser.open(sys.argv[1], int(sys.argv[3]) if len(sys.argv) > 3 else 1000)
    browser.screenshot(sys.argv[2])
# A page has few colours: a quarter of the bytes.
picture = Image.open(sys.argv[2]).convert("RGB")
if len(sys.argv) > 4:
    picture = picture.crop((0, 0, picture.width, int(sys.argv[4])))
picture.quantize(128).save(sys.argv[2], optimize=True)
