"""Times photos from file to file, by the clock: the table in docs/benchmarks.md. JPEG in, JPEG out.

    pip install ncnn numpy pillow scipy
    python benches/photo/speed.py PHOTO --addersr target/release/addersr --run x2:2 --run x4-photo:4 --megapixels 1 12 24
    python benches/photo/speed.py PHOTO --addersr target/release/addersr --run x4-photo:4 --teacher ../shared/photo/weights/realesr-general-x4v3

PHOTO is brought to so many megapixels. --run names a model and a factor. --teacher is the stem of an ncnn network of factor 4, what
Upscayl ships as "Lite": it runs on all cores in 32-bit floats, in tiles of 200 pixels with the 10 around them that they share.
"""

import argparse
import os
import subprocess
import tempfile
import time

import numpy as np
from PIL import Image

import make_pairs

TILE, AROUND = 200, 10
Image.MAX_IMAGE_PIXELS = None


def by_teacher(stem, photo, out):
    net = make_pairs.load(stem, os.cpu_count())
    given = np.asarray(Image.open(photo).convert("RGB"), np.float32) / 255
    rows, columns = given.shape[:2]
    scale = make_pairs.SCALE
    large = np.zeros((rows * scale, columns * scale, 3), np.float32)
    for y in range(0, rows, TILE):
        for x in range(0, columns, TILE):
            top, left = max(0, y - AROUND), max(0, x - AROUND)
            bottom, right = min(rows, y + TILE), min(columns, x + TILE)
            made = make_pairs.enlarge(net, given[top : bottom + AROUND, left : right + AROUND])
            made = made[(y - top) * scale :, (x - left) * scale :][: (bottom - y) * scale, : (right - x) * scale]
            large[y * scale : bottom * scale, x * scale : right * scale] = made
    Image.fromarray((large.clip(0, 1) * 255).round().astype(np.uint8)).save(out, quality=95)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("photo")
    p.add_argument("--addersr", required=True)
    p.add_argument("--run", action="append", default=[], metavar="MODEL:FACTOR")
    p.add_argument("--megapixels", type=float, nargs="+", default=[1])
    p.add_argument("--teacher", metavar="STEM")
    args = p.parse_args()
    whole = Image.open(args.photo).convert("RGB")
    with tempfile.TemporaryDirectory() as work:
        out = os.path.join(work, "out.jpg")

        def timed(name, scale, size, work):
            began = time.monotonic()
            work()
            seconds = time.monotonic() - began
            with Image.open(out) as made:
                assert made.size == (size[0] * scale, size[1] * scale), made.size
            print(f"{name}, x{scale}, {size[0]}x{size[1]}: {seconds:.1f} s, {scale**2 * size[0] * size[1] / 1e6 / seconds:.2f} MP/s", flush=True)
            os.remove(out)

        for megapixels in args.megapixels:
            by = (megapixels * 1e6 / (whole.width * whole.height)) ** 0.5
            size = round(whole.width * by), round(whole.height * by)
            photo = os.path.join(work, "photo.jpg")
            whole.resize(size, Image.LANCZOS).save(photo, quality=92)
            for run in args.run:
                model, scale = run.rsplit(":", 1)
                command = [args.addersr, "upscale", photo, "--model", model, "--scale", scale, "-o", out]
                timed(model, int(scale), size, lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
            if args.teacher:
                timed(os.path.basename(args.teacher), make_pairs.SCALE, size, lambda: by_teacher(args.teacher, photo, out))


if __name__ == "__main__":
    main()
