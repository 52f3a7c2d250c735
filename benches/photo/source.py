"""How often the program finds what a picture went through: the confusion tables in docs/source-detection.md.

    pip install numpy pillow
    python benches/photo/source.py WORK --shared SHARED --addersr target/release/addersr --set val     (or train)

Copies of SHARED/data/val (McMaster, Set14, Set5) or of pictures of SHARED/data/train, shrunk by 2 or 3 and degraded in known ways, are
written below WORK, one folder per way, and asked for by `addersr batch --dry-run --kind auto` at x2 and x4. What is right stands in
docs/source-detection.md: clean by the clean model, disturbed by the camera model at x2 and the photo model at x4, soft by the photo model.
Thresholds were chosen on train alone. Ways on the border are told but not counted.
"""

import argparse
import collections
import glob
import io
import json
import os
import subprocess

import numpy as np
from PIL import Image, ImageFilter

RIGHT = {"clean": ("clean", "clean"), "disturbed": ("camera", "photo"), "soft": ("photo", "photo")}
WAYS = {
    "clean": [{}, {"quality": 96}, {"quality": 92}, {"noise": 1}, {"noise": 2}, {"noise": 2, "quality": 95}],
    "disturbed": [
        *({"quality": q} for q in (80, 70, 50, 30)),
        {"quality": 60, "then": "png"},
        {"quality": 60, "then": "cut"},
        *({"noise": n} for n in (7, 12, 20)),
        {"noise": 7, "quality": 90},
        {"noise": 10, "quality": 50},
    ],
    "soft": [
        {"blur": 0.8},
        {"blur": 1.2},
        {"enlarged": 1.6},
        {"enlarged": 2},
        {"blur": 0.75, "noise": 1, "quality": 96},
        {"blur": 0.9, "noise": 1.5, "quality": 92},
        {"blur": 0.9, "noise": 2.5, "quality": 90},
        {"blur": 1, "noise": 5},
        {"blur": 1, "quality": 60},
        {"blur": 1.2, "noise": 8, "quality": 40},
    ],
    "border": [{"quality": 88}, {"noise": 4}, {"noise": 5}, {"blur": 0.5}, {"blur": 0.6}],
}


def originals(data, which):
    every = {"train": (("free", 2), ("general100", 3), ("bsds400", 14)), "val": (("McMaster", 1), ("Set14", 1), ("Set5", 1))}[which]
    for folder, step in every:
        files = sorted(f for f in glob.glob(os.path.join(data, which, folder, "*")) if f.endswith((".png", ".jpg")))
        yield from ((file, 2 + i % 2) for i, file in enumerate(files[::step]))


def degraded(file, shrink, seed, way):
    picture = Image.open(file).convert("RGB")
    picture = picture.resize((picture.width // shrink, picture.height // shrink), Image.BICUBIC)
    if "enlarged" in way:
        picture = picture.resize([round(side * way["enlarged"]) for side in picture.size], Image.BICUBIC)
    if "blur" in way:
        picture = picture.filter(ImageFilter.GaussianBlur(way["blur"]))
    if "noise" in way:
        values = np.asarray(picture, float)
        values = values + np.random.default_rng(seed).normal(0, way["noise"], values.shape)
        picture = Image.fromarray(np.clip(values + 0.5, 0, 255).astype("uint8"))
    return picture


def write(picture, stem, way):
    if "quality" not in way:
        return picture.save(stem + ".png")
    coded = {"quality": way["quality"], "subsampling": 0 if way["quality"] >= 90 and "then" not in way else 2}
    if "then" not in way:
        return picture.save(stem + ".jpg", **coded)
    file = io.BytesIO()
    picture.save(file, "JPEG", **coded)
    picture = Image.open(file).convert("RGB")
    picture.crop((3, 5, *picture.size) if way["then"] == "cut" else (0, 0, *picture.size)).save(stem + ".png")


def chosen(program, folder, scale, report):
    command = [program, "batch", folder, "--out", folder + "-none", "--scale", str(scale), "--kind", "auto", "--dry-run"]
    subprocess.run([*command, "--report", report, "--overwrite"], check=True, stdout=subprocess.DEVNULL)
    for image in json.load(open(report))["images"]:
        yield next((kind for kind in ("camera", "photo") if kind in image["model"]), "clean")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("work")
    p.add_argument("--shared", required=True)
    p.add_argument("--addersr", required=True)
    p.add_argument("--set", choices=("train", "val"), default="val")
    args = p.parse_args()
    pictures = list(originals(os.path.join(args.shared, "data"), args.set))
    tables = [collections.Counter(), collections.Counter()]
    for label, ways in WAYS.items():
        for way in ways:
            name = " ".join(f"{key} {value}" for key, value in way.items()) or "nothing"
            folder = os.path.join(args.work, args.set, label, name.replace(" ", "_"))
            os.makedirs(folder, exist_ok=True)
            for seed, (file, shrink) in enumerate(pictures):
                stem = os.path.splitext(os.path.basename(file))[0]
                write(degraded(file, shrink, seed, way), os.path.join(folder, stem), way)
            for scale, table, right in zip((2, 4), tables, RIGHT.get(label, ("", ""))):
                found = collections.Counter(chosen(args.addersr, folder, scale, os.path.join(args.work, "report.json")))
                print(f"x{scale} {label:9} {name:32}", dict(found), flush=True)
                if right:
                    table.update({(label, kind): count for kind, count in found.items()})
    for scale, table, at in zip((2, 4), tables, (0, 1)):
        right = sum(table[label, kinds[at]] for label, kinds in RIGHT.items())
        print(f"x{scale}: {100 * right / sum(table.values()):.1f} % of {sum(table.values())} right;", dict(table))


if __name__ == "__main__":
    main()
