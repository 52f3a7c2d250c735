#!/usr/bin/env python3
"""The ablation of AdderSR (CVPR 2021, section 4), reproduced with this program: same pictures, same patches in the same
order, same number of steps for every row.

    cargo build --release
    benches/ablation/run.py --data ../shared/data/train --val ../shared/data/val --out ablation

Each row is one `addersr train` and two `addersr eval`; a row whose model is there already is not trained again, so a run
that was stopped goes on. Writes into --out the models, their logs, `table.md` and `plot.svg`. Nothing but Python's own
library is used.
"""

import argparse
import csv
import json
import os
import subprocess
import sys

# name, what it is, options of `addersr train`. The recipe is the program's own where a row says nothing.
SGD = ["--optimiser", "sgd", "--rate", "1", "--adder-rate", "0.02"]
PLAIN = ["--no-shortcut", "--power", "none"]
ROWS = [
    ("plain", "plain adder layers", PLAIN),
    ("shortcut", "+ self-shortcut", ["--power", "none"]),
    ("full", "+ power activation: AdderSR", []),
    ("power_only", "power activation without shortcut", ["--no-shortcut"]),
    ("twin", "convolutional twin", ["--twin"]),
    ("adaptive", "AdderSR, Adam, adaptive rate (adder ×1)", ["--adaptive", "--adder-rate", "1"]),
    ("sign", "AdderSR, Adam, sign gradient", ["--sign-gradient"]),
    ("sign_adaptive", "AdderSR, Adam, sign gradient, adaptive rate (adder ×1)", ["--sign-gradient", "--adaptive", "--adder-rate", "1"]),
    ("sgd_adaptive", "AdderSR, SGD, adaptive rate", [*SGD, "--adaptive"]),
    ("sgd", "AdderSR, SGD", SGD),
    ("sgd_sign_adaptive", "AdderSR, SGD, sign gradient, adaptive rate", [*SGD, "--adaptive", "--sign-gradient"]),
    ("sgd_sign", "AdderSR, SGD, sign gradient", [*SGD, "--sign-gradient"]),
]
# Curves of the plot: the paper's argument, not the optimisers'.
CURVES = ["plain", "shortcut", "full", "twin", "sign", "sgd_adaptive"]
COLOURS = ["#7a7a7a", "#e69f00", "#0072b2", "#009e73", "#d55e00", "#cc79a7"]


def train(args, name, options):
    """Trains a row unless its model is there; whether there is one afterwards."""
    model = f"{args.out}/{name}.safetensors"
    done = f"{args.out}/{name}.done"
    if not os.path.exists(done):
        command = [args.program, "train", "--data", *args.data, "--val", f"{args.val}/McMaster", "--device", args.device]
        command += ["--channels", str(args.channels), "--blocks", str(args.blocks), "--steps", str(args.steps)]
        command += ["--judge-every", str(max(args.steps // 5, 1)), "--out", model, "--overwrite", *options]
        with open(f"{args.out}/{name}.log", "w") as log:
            failed = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT).returncode
        with open(done, "w") as f:
            f.write(f"{failed}\n")
    return os.path.exists(model) and open(done).read().strip() == "0"


def score(args, name, folder):
    command = [args.program, "eval", "--data", f"{args.val}/{folder}", "--scale", "2", "--precision", "f32", "--json"]
    command += ["--model", f"{args.out}/{name}.safetensors", "--device", args.device]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["mean"]


def judged(args, name):
    """(step, PSNR in dB on McMaster) of a row's log."""
    with open(f"{args.out}/{name}.csv") as f:
        return [(int(r["step"]), float(r["held_out_psnr"])) for r in csv.DictReader(f) if r["held_out_psnr"]]


def frame(w, h, left, right, bottom, x_name, y_name):
    """The beginning of a plot's SVG: white ground and names of the axes."""
    middle = (h - bottom + 20) / 2
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" font-family="sans-serif" font-size="12">',
        f'<rect width="{w}" height="{h}" fill="white"/>',
        f'<text x="{(left + w - right) / 2}" y="{h - 10}" text-anchor="middle">{x_name}</text>',
        f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">{y_name}</text>',
    ]


def save(path, out):
    with open(path, "w") as f:
        f.write("\n".join([*out, "</svg>"]) + "\n")


def arguments(doc):
    """What every script here is told."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", required=True, help="folders of training pictures")
    parser.add_argument("--val", required=True, help="folder that holds McMaster, Set5 and Set14")
    parser.add_argument("--out", required=True, help="folder for models, logs, table and plot")
    parser.add_argument("--program", default="target/release/addersr")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--channels", type=int, default=32)
    parser.add_argument("--blocks", type=int, default=4)
    return parser


def plot(args, rows):
    """PSNR on held-out pictures over steps, as SVG; what lies far below is cut off."""
    curves = [(n, t, judged(args, n)) for n, t, _ in rows if n in CURVES and os.path.exists(f"{args.out}/{n}.csv")]
    w, h, left, top, right, bottom = 760, 420, 84, 20, 20, 48
    high = max(p for _, _, points in curves for _, p in points) + 0.1
    low = high - 4
    x = lambda step: left + (w - left - right) * step / args.steps
    y = lambda p: top + (h - top - bottom) * (high - max(p, low)) / (high - low)
    out = frame(w, h, left, right, bottom, "steps", "PSNR on McMaster, dB")
    for i in range(6):
        e = low + (high - low) * i / 5
        out.append(f'<line x1="{left}" x2="{w - right}" y1="{y(e):.1f}" y2="{y(e):.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{left - 6}" y="{y(e) + 4:.1f}" text-anchor="end">{e:.1f}</text>')
        step = args.steps * i // 5
        out.append(f'<text x="{x(step):.1f}" y="{h - bottom + 18}" text-anchor="middle">{step}</text>')
    for i, (name, title, points) in enumerate(curves):
        colour = COLOURS[CURVES.index(name)]
        line = " ".join(f"{x(s):.1f},{y(e):.1f}" for s, e in points)
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        at = h - bottom - 110 + 18 * i
        out.append(f'<line x1="{w - 290}" x2="{w - 266}" y1="{at - 4}" y2="{at - 4}" stroke="{colour}" stroke-width="3"/>')
        out.append(f'<text x="{w - 260}" y="{at}">{title}</text>')
    save(f"{args.out}/plot.svg", out)


def main():
    parser = arguments(__doc__)
    parser.add_argument("--steps", type=int, default=500)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    lines = [
        f"{args.channels} channels × {args.blocks} blocks, ×2, {args.steps} steps each. PSNR in dB and SSIM on luma.",
        "",
        "| network and training | options | Set5 | Set14 |",
        "|---|---|---|---|",
    ]
    for name, title, options in ROWS:
        print(f"{title} …", file=sys.stderr, flush=True)
        if train(args, name, options):
            cells = [f"{m['psnr']:.2f} / {m['ssim']:.4f}" for m in (score(args, name, d) for d in ("Set5", "Set14"))]
        else:
            last = open(f"{args.out}/{name}.log").read().strip().splitlines()[-1:]
            cells = [f"failed: {' '.join(last)}", ""]
        lines.append(f"| {title} | `{' '.join(options)}` | {cells[0]} | {cells[1]} |")
        with open(f"{args.out}/table.md", "w") as f:
            f.write("\n".join(lines) + "\n")
    plot(args, ROWS)
    print("\n".join(lines))


if __name__ == "__main__":
    main()
