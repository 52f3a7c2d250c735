"""PSNR of chains of models at factors that no single model has: the table in docs/results.md.

    pip install numpy pillow
    python benches/chains.py --set14 SET14 --addersr target/release/addersr 4.2 5 6 8

Each picture is shrunk by the factor (bicubic), enlarged by the models one after another, brought to its size by bicubic, and compared in luma.
"""

import argparse
import os
import subprocess
import tempfile

import numpy as np
from PIL import Image

CHAINS = ["", "x4", "x4 x2", "x2 x4", "x3 x2", "x2 x3", "x3 x3", "x2 x2 x2", "x2", "x3", "x2 x2", "x4-camera", "x4-camera x2-camera"]


def luma(picture):
    a = np.asarray(picture, np.float64)
    return 16 + (65.481 * a[..., 0] + 128.553 * a[..., 1] + 24.966 * a[..., 2]) / 255


def psnr(a, b, border):
    error = (luma(a) - luma(b))[border:-border, border:-border]
    return 10 * np.log10(255**2 / (error**2).mean())


def enlarged(small, chain, args, folder):
    step = os.path.join(folder, "0.png")
    small.save(step)
    for n, model in enumerate(chain.split(), 1):
        result = os.path.join(folder, f"{n}.png")
        scale = model[1]
        subprocess.run([args.addersr, "upscale", step, "-o", result, "--model", model, "--scale", scale, "--overwrite"], check=True, capture_output=True)
        step = result
    with Image.open(step) as picture:
        return picture.convert("RGB")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("factors", type=float, nargs="+")
    parser.add_argument("--set14", required=True)
    parser.add_argument("--addersr", required=True)
    args = parser.parse_args()
    names = sorted(name for name in os.listdir(args.set14) if name.endswith(".png"))
    with tempfile.TemporaryDirectory() as folder:
        for factor in args.factors:
            for chain in CHAINS:
                scores = []
                for name in names:
                    large = Image.open(os.path.join(args.set14, name)).convert("RGB")
                    w, h = int(large.width / factor), int(large.height / factor)
                    large = large.crop((0, 0, round(w * factor), round(h * factor)))
                    result = enlarged(large.resize((w, h), Image.BICUBIC), chain, args, folder)
                    scores.append(psnr(result.resize(large.size, Image.BICUBIC), large, int(np.ceil(factor))))
                print(f"x{factor:g} {chain or 'bicubic'}: {np.mean(scores):.3f} dB", flush=True)


if __name__ == "__main__":
    main()
