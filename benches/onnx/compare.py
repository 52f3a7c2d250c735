"""The 8-bit adder engine beside onnxruntime, in one run on one machine.

    python -m venv venv && venv/bin/pip install onnx onnxruntime numpy
    cargo build --release
    venv/bin/python benches/onnx/compare.py

A photo of 1 megapixel is enlarged twice by `aedsr` of 64 channels x 8 blocks: by our f32 engine, by our 8-bit engine, and
by the same network with convolutions in onnxruntime, fp32 and int8 (static, QDQ), on one thread and on all. Time is that
of computing alone, without reading and writing files; ours includes pixels to floats, tiles with their halos, and back
to pixels, which onnxruntime's does not. Batch norms are folded into onnxruntime's convolutions beforehand, and
it gets the picture as one tile. Values of weights do not change times, so they are random. Runs of all rows take turns,
and the fastest of each counts.
"""

import argparse
import json
import os
import pathlib
import subprocess
import tempfile
import time

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

HERE = pathlib.Path(__file__).resolve().parents[2]


def network(channels, blocks, scale, path):
    """The convolutional twin of `nn/models/aedsr.rs`, norms folded."""
    rng = np.random.default_rng(1)
    nodes, weights = [], []

    def conv(x, name, cin, cout, gain):
        w = (rng.standard_normal((cout, cin, 3, 3)) * gain / np.sqrt(9 * cin)).astype(np.float32)
        weights.extend([numpy_helper.from_array(w, f"{name}.w"), numpy_helper.from_array(np.zeros(cout, np.float32), f"{name}.b")])
        nodes.append(helper.make_node("Conv", [x, f"{name}.w", f"{name}.b"], [name], pads=[1] * 4, kernel_shape=[3, 3]))
        return name

    def add(a, b, name):
        nodes.append(helper.make_node("Add", [a, b], [name]))
        return name

    weights.append(numpy_helper.from_array(np.float32(0.5), "half"))
    nodes.append(helper.make_node("Sub", ["x", "half"], ["centred"]))
    at = head = conv("centred", "head", 3, channels, 1.0)
    for b in range(blocks):
        first = conv(at, f"b{b}.0", channels, channels, 1.4)
        nodes.append(helper.make_node("Relu", [first], [f"b{b}.relu"]))
        at = add(at, conv(f"b{b}.relu", f"b{b}.1", channels, channels, 0.3), f"b{b}")
    tail = conv(add(at, head, "body"), "tail", channels, 3 * scale * scale, 0.1)
    nodes.append(helper.make_node("DepthToSpace", [tail], ["large"], blocksize=scale, mode="CRD"))
    weights.append(numpy_helper.from_array(np.array([1, 1, scale, scale], np.float32), "scales"))
    nodes.append(helper.make_node("Resize", ["x", "", "scales"], ["base"], mode="cubic", cubic_coeff_a=-0.5))
    add("large", "base", "y")
    shape = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, None, None])
    graph = helper.make_graph(nodes, "twin", [shape("x")], [shape("y")], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, path)


class Crops(CalibrationDataReader):
    def __init__(self, x):
        self.crops = iter([{"x": x[:, :, i : i + 96, i : i + 96]} for i in range(0, 480, 96)])

    def get_next(self):
        return next(self.crops, None)


def by_onnxruntime(path, x, threads):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    session.run(None, {"x": x[:, :, :64, :64]})

    def run():
        start = time.perf_counter()
        session.run(None, {"x": x})
        return time.perf_counter() - start

    return run


def by_us(program, model, photo, precision, threads, folder):
    command = [program, "upscale", photo, "--model", model, "--device", "cpu", "--precision", precision]
    command += ["--threads", str(threads), "--json", "--overwrite", "-o", folder / "out.bmp"]

    def run():
        said = subprocess.run(command, check=True, capture_output=True, text=True)
        return json.loads(said.stdout)["images"][0]["seconds"]

    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=HERE / "target/release/addersr")
    parser.add_argument("--side", type=int, default=1000)
    parser.add_argument("--channels", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=8)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", help="also write the times here")
    args = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp())
    samples = HERE / "assets/samples"

    # A photo of exactly the size: a sample, tiled.
    subprocess.run([args.program, "upscale", samples / "courtyard.png", "--width", str(2 * args.side), "-o", folder / "a.bmp", "--model", "x2"], check=True, capture_output=True)
    raw = (folder / "a.bmp").read_bytes()
    start, w, h = int.from_bytes(raw[10:14], "little"), int.from_bytes(raw[18:22], "little"), abs(int.from_bytes(raw[22:26], "little", signed=True))
    stride = (3 * w + 3) // 4 * 4
    bgr = np.frombuffer(raw, np.uint8, h * stride, start).reshape(h, stride)[:, : 3 * w].reshape(h, w, 3)
    bgr = np.ascontiguousarray(np.tile(bgr, (args.side // h + 1, args.side // w + 1, 1))[: args.side, : args.side])
    rows = np.zeros((args.side, (3 * args.side + 3) // 4 * 4), np.uint8)
    rows[:, : 3 * args.side] = bgr.reshape(args.side, -1)
    header = b"BM" + (54 + rows.size).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little") + (40).to_bytes(4, "little")
    header += args.side.to_bytes(4, "little") * 2 + (1).to_bytes(2, "little") + (24).to_bytes(2, "little") + bytes(24)
    photo = folder / "photo.bmp"
    photo.write_bytes(header + rows.tobytes())
    x = np.ascontiguousarray(bgr[::-1, :, ::-1].transpose(2, 0, 1)[None]).astype(np.float32) / 255

    model = folder / "m.safetensors"
    train = [args.program, "train", "--data", samples, "--channels", str(args.channels), "--blocks", str(args.blocks), "--steps", "1", "--device", "cpu", "--out", model]
    subprocess.run(train, check=True, capture_output=True)
    eight = folder / "m.int8.safetensors"
    subprocess.run([args.program, "quantize", model, "--data", samples, "--out", eight], check=True, capture_output=True)
    fp32, int8 = str(folder / "twin.onnx"), str(folder / "twin.int8.onnx")
    network(args.channels, args.blocks, 2, fp32)
    quantize_static(fp32, int8, Crops(x), quant_format=QuantFormat.QDQ, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["Conv", "Add", "Relu"])

    cores = os.cpu_count()
    rows = {}
    for threads in sorted({1, cores}):
        rows[threads] = {
            "adder f32, ours": by_us(args.program, eight, photo, "f32", threads, folder),
            "adder int8, ours": by_us(args.program, eight, photo, "int8", threads, folder),
            "convolution fp32, onnxruntime": by_onnxruntime(fp32, x, threads),
            "convolution int8, onnxruntime": by_onnxruntime(int8, x, threads),
        }
    best = {threads: {name: float("inf") for name in kinds} for threads, kinds in rows.items()}
    for _ in range(args.runs):
        for threads, kinds in rows.items():
            for name, run in kinds.items():
                best[threads][name] = min(best[threads][name], run())
    print(f"{args.side}x{args.side} pixels x2, {args.channels} channels x {args.blocks} blocks, best of {args.runs} runs, onnxruntime {ort.__version__}")
    print(f"{'':<32}{'threads':>8}{'seconds':>9}{'of fp32':>9}{'of int8':>9}")
    for threads, times in best.items():
        for name, seconds in times.items():
            of = [seconds / times[f"convolution {kind}, onnxruntime"] for kind in ("fp32", "int8")]
            print(f"{name:<32}{threads:>8}{seconds:>9.2f}{of[0]:>9.2f}{of[1]:>9.2f}")
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(best, indent=1))


if __name__ == "__main__":
    main()
