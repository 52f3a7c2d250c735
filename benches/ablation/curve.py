#!/usr/bin/env python3
"""What longer training gives: whole runs of the default recipe, each annealed to zero at its own end, and the curve through
their scores.

    cargo build --release
    benches/ablation/curve.py --data ../shared/data/train --val ../shared/data/val --out ablation

PSNR over steps is fitted by a - b * steps^-c (least squares, c by search), the usual form of learning curves (Hestness et
al. 2017, "Deep learning scaling is predictable, empirically"); `a` is what this size would reach in the end if the curve
went on so, and the fit says how many steps the rows of other networks are away. Writes `curve.md` and `curve.svg`. A run
whose model is there already is not done again.
"""

import math
import os
import sys

from run import arguments, frame, save, score, train

STEPS = [250, 500, 1000, 2000]
# Published rows on Set5 x2 (AdderSR, table 2).
GOALS = [("VDSR adder", 37.37), ("EDSR adder", 37.92)]


def fit(points):
    """(a, b, c) of the curve through (steps, dB)."""
    best = None
    for i in range(1, 200):
        c = i / 100
        xs, ys = [n**-c for n, _ in points], [p for _, p in points]
        mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
        slope = sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)
        a, b = my - slope * mx, -slope
        error = sum((a - b * x - y) ** 2 for x, y in zip(xs, ys))
        if best is None or error < best[0]:
            best = (error, a, b, c)
    return best[1:], math.sqrt(best[0] / len(points))


def plot(path, points, curve):
    a, b, c = curve
    w, h, left, top, right, bottom = 640, 360, 76, 20, 20, 48
    last = points[-1][0] * 32
    low, high = points[0][1] - 0.1, max(a, GOALS[-1][1]) + 0.1
    x = lambda n: left + (w - left - right) * math.log(n / points[0][0]) / math.log(last / points[0][0])
    y = lambda p: top + (h - top - bottom) * (high - p) / (high - low)
    out = frame(w, h, left, right, bottom, "steps", "PSNR on Set5 ×2, dB")
    for name, p in GOALS:
        out.append(f'<line x1="{left}" x2="{w - right}" y1="{y(p):.1f}" y2="{y(p):.1f}" stroke="#888" stroke-dasharray="4 4"/>')
        out.append(f'<text x="{left + 4}" y="{y(p) - 4:.1f}" fill="#555">{name} {p}</text>')
    n = points[0][0]
    line = []
    while n <= last:
        line.append(f"{x(n):.1f},{y(a - b * n**-c):.1f}")
        n *= 1.05
    out.append(f'<polyline points="{" ".join(line)}" fill="none" stroke="#0072b2" stroke-width="2" stroke-dasharray="2 3"/>')
    for n, p in points:
        out.append(f'<circle cx="{x(n):.1f}" cy="{y(p):.1f}" r="4" fill="#0072b2"/>')
    n = points[0][0]
    while n <= last:
        out.append(f'<text x="{x(n):.1f}" y="{h - bottom + 18}" text-anchor="middle">{n}</text>')
        n *= 4
    for i in range(5):
        p = low + (high - low) * i / 4
        out.append(f'<text x="{left - 6}" y="{y(p) + 4:.1f}" text-anchor="end">{p:.2f}</text>')
    save(path, out)


def main():
    parser = arguments(__doc__)
    parser.add_argument("--most", type=int, default=STEPS[-1], help="longest run, in steps")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    points, lines = [], ["| steps | Set5 | Set14 |", "|---|---|---|"]
    for args.steps in [n for n in STEPS if n <= args.most]:
        print(f"{args.steps} steps …", file=sys.stderr, flush=True)
        # 500 steps are a row of the ablation, if that was run here.
        name = "full" if args.steps == 500 else f"curve_{args.steps}"
        if not train(args, name, []):
            sys.exit(f"training failed, see {args.out}/{name}.log")
        five, fourteen = score(args, name, "Set5"), score(args, name, "Set14")
        points.append((args.steps, five["psnr"]))
        lines.append(f"| {args.steps:,} | {five['psnr']:.2f} / {five['ssim']:.4f} | {fourteen['psnr']:.2f} / {fourteen['ssim']:.4f} |")
    (a, b, c), error = fit(points)
    lines += ["", f"Set5: {a:.2f} − {b:.2f} · steps^−{c:.2f}, off by {error:.3f} dB (root mean square)."]
    for name, goal in GOALS:
        far = f"at {(b / (a - goal)) ** (1 / c):,.0f} steps" if goal < a else "never: more than this size reaches on this curve"
        lines.append(f"* {name}, {goal}: {far}")
    with open(f"{args.out}/curve.md", "w") as f:
        f.write("\n".join(lines) + "\n")
    plot(f"{args.out}/curve.svg", points, (a, b, c))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
