"""Tables of a check's benchmarks, beside what the GPU can do and beside PyTorch: report.py BENCHMARKS.json ROOFLINE.

ROOFLINE is a file with the JSON line of roofline.cu; it may be absent.
"""

import json
import sys


def roofline(path):
    try:
        with open(path) as lines:
            return next((json.loads(line) for line in lines if line.startswith("{")), {})
    except OSError:
        return {}


def value(result, name):
    """The median iteration of a secondary metric, or NaN."""
    try:
        return float(result["secondaryMetrics"][name]["scorePercentiles"]["50.0"])
    except (KeyError, ValueError):
        return float("nan")


def name(result):
    title = result["benchmark"].split(".")[-2]
    fixed = ("backend", "threads")
    parameters = [f"{key}={given}" for key, given in result["params"].items() if key not in fixed]
    how = {"-Dmpdp.cuda.chain=0": "a kernel for each op", "-Dmpdp.cuda.products=cublas": "networks by cuBLAS"}
    apart = [how[option] for option in result.get("jvmArgs", ()) if option in how]
    return " ".join([title, *parameters, *apart])


def number(x, digits):
    return "" if x != x else f"{x:,.{digits}f}"


def ours(results, peak):
    """Seconds of a step beside the least that arithmetic, memory and launches allow."""
    flops, memory = peak.get("fma_tflops", float("nan")) * 1e12, peak.get("copy_gb_per_s", float("nan")) * 1e9
    node = peak.get("graph_node_us", float("nan"))
    head = ("units/s", "us/step", "GFLOP/s", "% FMA", "% copy", "launches", "us of them", "B/op", "benchmark")
    yield "{:>13} {:>10} {:>9} {:>6} {:>6} {:>8} {:>10} {:>6}  {}".format(*head)
    for result in results:
        gflops, launches = value(result, "gflops"), value(result, "launches_per_step")
        seconds = value(result, "flops_per_step") / (gflops * 1e9) if gflops > 0 else float("nan")
        yield "{:>13} {:>10} {:>9} {:>6} {:>6} {:>8} {:>10} {:>6}  {}".format(
            number(value(result, "units_per_s"), 1),
            number(seconds * 1e6, 1),
            number(gflops, 0),
            number(100 * gflops * 1e9 / flops, 1),
            number(100 * value(result, "bytes_per_step") / seconds / memory, 1),
            number(launches, 0),
            number(launches * node, 1),
            number(value(result, "alloc_bytes_per_step"), 0),
            name(result),
        )


def fastest(peers):
    return max((p["units_per_s"] for p in peers if p.get("precision") == "fp32" and "units_per_s" in p), default=None)


def beside(results):
    yield "{:>13} {:>13} {:>7}  {}".format("mpdp units/s", "PyTorch", "ratio", "benchmark [how]")
    for result in results:
        mine = value(result, "units_per_s")
        peers = result.get("peers", [])
        failed = any("units_per_s" not in peer for peer in peers)
        which = "the best in fp32 of what did not fail" if failed else "its best in fp32"
        for peer in peers:
            rate = peer.get("units_per_s", float("nan"))
            best = f" <- {which}" if rate == fastest(peers) else ""
            line = f"{name(result)} [{peer['how']}]{best}"
            yield "{:>13} {:>13} {:>7}  {}".format(number(mine, 1), number(rate, 1), number(mine / rate, 2), line)


def main():
    with open(sys.argv[1]) as file:
        results = json.load(file)
    peak = roofline(sys.argv[2])
    print()
    if peak:
        print(", ".join(f"{key} {given}" for key, given in peak.items()))
    for line in ours(results, peak):
        print(line)
    if any("peers" in result for result in results):
        print()
        for line in beside(results):
            print(line)


main()
