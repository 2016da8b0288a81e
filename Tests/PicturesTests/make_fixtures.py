"""Writes the pictures that PNGReader is tested with, and what Pillow 13 makes of their pixels (red, green, blue, opacity).

usage: python make_fixtures.py   (Pillow, numpy)
"""
import os
import struct
import zlib

import numpy
from PIL import Image

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Files")
RANDOM = numpy.random.default_rng(7)


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def filtered(rows, stride):
    """Each row by another of the five filters."""
    out, before = b"", numpy.zeros(rows.shape[1], dtype=int)
    for number, row in enumerate(rows.astype(int)):
        left = numpy.concatenate([numpy.zeros(stride, dtype=int), row[:-stride]])
        corner = numpy.concatenate([numpy.zeros(stride, dtype=int), before[:-stride]])
        estimate = left + before - corner
        distances = numpy.stack([abs(estimate - left), abs(estimate - before), abs(estimate - corner)])
        paeth = numpy.choose(distances.argmin(axis=0), [left, before, corner])
        predicted = [0, left, before, (left + before) // 2, paeth][number % 5]
        out += bytes([number % 5]) + ((row - predicted) % 256).astype(numpy.uint8).tobytes()
        before = row
    return out


def write(name, image, **options):
    image.save(os.path.join(FOLDER, name + ".png"), **options)
    pixels(name, image)


def pixels(name, image):
    with open(os.path.join(FOLDER, name + ".rgba"), "wb") as file:
        file.write(numpy.asarray(image.convert("RGBA")).tobytes())


def main():
    os.makedirs(FOLDER, exist_ok=True)
    smooth = numpy.add.outer(numpy.arange(23), numpy.arange(37)) * 4
    color = numpy.stack([smooth, 255 - smooth, RANDOM.integers(0, 256, smooth.shape)], axis=-1).astype(numpy.uint8)
    write("gray", Image.fromarray(smooth.astype(numpy.uint8)))
    write("color", Image.fromarray(color))
    write("stored", Image.fromarray(color), compress_level=0)
    write("opacity", Image.fromarray(numpy.dstack([color, smooth.astype(numpy.uint8)])), compress_level=9)
    write("palette", Image.fromarray(color).quantize(40))
    write("dots", Image.fromarray(smooth > 120))
    write("gray-opacity", Image.fromarray(smooth.astype(numpy.uint8)).convert("LA"))
    rows = color.reshape(23, -1)
    header = struct.pack(">IIBBBBB", 37, 23, 8, 2, 0, 0, 0)
    body = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    for part in (zlib.compress(filtered(rows, 3), 6)[at:at + 500] for at in range(0, 4000, 500)):
        body += chunk(b"IDAT", part) if part else b""
    with open(os.path.join(FOLDER, "filters.png"), "wb") as file:
        file.write(body + chunk(b"IEND", b""))
    pixels("filters", Image.fromarray(color))


if __name__ == "__main__":
    main()
