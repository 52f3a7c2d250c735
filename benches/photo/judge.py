"""Judges photo models on native pieces of photos that they were never trained on, beside the teacher: the table in docs/results.md.

    pip install ncnn numpy pillow scipy h5py onnx onnxruntime
    python benches/photo/judge.py WORK --shared SHARED --addersr target/release/addersr --model x4-camera --model x4-photo
    python benches/photo/judge.py WORK --shared SHARED --addersr target/release/addersr --model x4-photo --figure crops.jpg
    python benches/photo/judge.py WORK2 --shared SHARED --addersr target/release/addersr --model x2-photo --scale 2

SHARED holds photo/metrics.py and photo/weights with what it reads, the teacher realesr-general-x4v3 among it, data/train/free and
data/val/McMaster. WORK keeps the pieces (192x192, the liveliest of each photo that do not overlap), the teacher's results and the models'.
The figure shows eight of the pieces: as they are, by the teacher, by realesrgan-x4plus (from its wheel, slow), by the last model.
"""

import argparse
import os
import subprocess
import sys

import numpy as np
from PIL import Image

import make_pairs

SIDE = 192
PIECES = [("free/budgie-_casa-mila", "casa", 4), ("free/budgie-_canyon-wren", "wren", 2)]
PIECES += [(f"McMaster/{n}", f"mcm{n}_", 1) for n in (1, 10, 17, 4, 8, 9)]
SHOWN = ["casa0", "casa2", "wren0", "wren1", "mcm1_0", "mcm4_0", "mcm8_0", "mcm10_0"]


def read(path):
    return np.asarray(Image.open(path).convert("RGB"), np.float32) / 255


def pieces(photo, count):
    """Every other one of the liveliest places of a photo, on a grid of 32 pixels."""
    grey = np.asarray(photo, np.float32).mean(2)
    edges = np.abs(np.diff(grey, axis=0))[:, :-1] + np.abs(np.diff(grey, axis=1))[:-1]
    sums = np.pad(edges.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    places = [
        (sums[y + SIDE, x + SIDE] - sums[y, x + SIDE] - sums[y + SIDE, x] + sums[y, x], y, x)
        for y in range(0, grey.shape[0] - SIDE, 32)
        for x in range(0, grey.shape[1] - SIDE, 32)
    ]
    chosen = []
    for _, y, x in sorted(places, reverse=True):
        if len(chosen) < 2 * count and all(abs(y - v) >= SIDE or abs(x - u) >= SIDE for v, u in chosen):
            chosen.append((y, x))
    return [photo.crop((x, y, x + SIDE, y + SIDE)) for y, x in chosen[::2]]


def folder(work, name):
    path = os.path.join(work, name.replace("/", "_"))
    os.makedirs(path, exist_ok=True)
    return path


def by_network(net, given, out, scale):
    for name in sorted(os.listdir(given)):
        if not os.path.exists(os.path.join(out, name)):
            small = read(os.path.join(given, name))
            large = make_pairs.enlarge(net, small)
            if scale < make_pairs.SCALE:
                large = make_pairs.resized(large, small.shape[1] * scale, small.shape[0] * scale)
            make_pairs.write(os.path.join(out, name), large)


def by_model(program, model, given, out, scale):
    files = [os.path.join(given, name) for name in sorted(os.listdir(given))]
    command = [program, "upscale", *files, "-o", out + "/", "--scale", str(scale), "--model", model]
    command += ["--template", "{name}", "--overwrite"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def figure(path, work, columns):
    side, gap = 256, 8
    sheet = Image.new("RGB", (8 * (side + gap), 4 * (side + gap)), "white")
    for i, name in enumerate(SHOWN):
        for j, column in enumerate(columns):
            picture = Image.open(os.path.join(work, column, name + ".png")).convert("RGB")
            scale = picture.width // SIDE
            at = (SIDE - 64) // 2 * scale
            part = picture.crop((at, at, at + 64 * scale, at + 64 * scale)).resize((side, side), Image.NEAREST)
            sheet.paste(part, ((i // 4 * 4 + j) * (side + gap), i % 4 * (side + gap)))
    sheet.save(path, quality=90, subsampling=0)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("work")
    p.add_argument("--shared", required=True)
    p.add_argument("--addersr", required=True)
    p.add_argument("--model", action="append", required=True, help="a name or a file; may be given again")
    p.add_argument("--scale", type=int, default=4, help="factor to judge at; the teacher's results are shrunk to it")
    p.add_argument("--figure", metavar="FILE")
    args = p.parse_args()
    sys.path.insert(0, os.path.join(args.shared, "photo"))
    import metrics

    given, raw, true = (folder(args.work, name) for name in ("given", "teacher-as-it-is", "teacher"))
    for photo, name, count in PIECES:
        where = os.path.join(args.shared, "data", "train" if photo.startswith("free") else "val", photo + ".png")
        for i, piece in enumerate(pieces(Image.open(where).convert("RGB"), count)):
            piece.save(os.path.join(given, f"{name}{i}.png"))
    by_network(make_pairs.load(os.path.join(args.shared, "photo", "weights", "realesr-general-x4v3")), given, raw, args.scale)
    for name in os.listdir(given):
        make_pairs.write(os.path.join(true, name), make_pairs.colour_true(read(os.path.join(raw, name)), read(os.path.join(given, name))))
    for model in args.model:
        by_model(args.addersr, model, given, folder(args.work, os.path.basename(model)), args.scale)
    print(f"{'':24} HF    faithful colour PSNR-T sqDISTS")
    for column in ["teacher", "teacher-as-it-is", *(os.path.basename(m) for m in args.model)]:
        rows = []
        for name in sorted(os.listdir(given)):
            a, g, t = (read(os.path.join(args.work, c, name)) for c in (column, "given", "teacher"))
            closeness = (np.nan, 0.0) if column == "teacher" else (metrics.psnr(a, t), metrics.sq_dists(a, t))
            rows.append((metrics.hf(a), metrics.faithful(a, g, args.scale), metrics.colour(a, g, args.scale), *closeness))
        print("{:24} {:.3f} {:.2f}    {:.3f}  {:.2f}  {:.4f}".format(column, *np.mean(rows, 0)), flush=True)
    if args.figure:
        standard = folder(args.work, "standard")
        by_network(make_pairs.load(make_pairs.x4plus()), given, standard, args.scale)
        figure(args.figure, args.work, ["given", "teacher-as-it-is", "standard", os.path.basename(args.model[-1])])


if __name__ == "__main__":
    main()
