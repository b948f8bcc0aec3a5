"""Times numpy on the work of a tensor library, one thread, and prints JSON.

    python3 bench/peers/numpy_peer.py [--quick] [--rounds N]

The BLAS underneath is reported with the core that it really runs: an environment that pins OPENBLAS_CORETYPE makes it look slower than it is.
"""
import os

# Before numpy is imported: the libraries read these once.
THREADS = os.environ.get("POLYAD_PEER_THREADS", "1")
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[name] = THREADS

import argparse
import ctypes
import json
import platform
import statistics
import sys
import time

try:
    import numpy as np
except ImportError:
    sys.exit("numpy is not installed: on Debian, apt-get install python3-numpy (and run this with the system's python3)")


def loaded_blas():
    """The BLAS libraries mapped into this process and, for OpenBLAS, its configuration and core."""
    found = []
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            paths = sorted({line.split()[-1] for line in maps if any(b in line for b in ("openblas", "libblas", "libmkl", "libblis"))})
    except OSError:
        paths = []
    for path in paths:
        entry = {"file": os.path.basename(path)}
        try:
            library = ctypes.CDLL(path)
            for key, symbols in (("config", ("openblas_get_config", "scipy_openblas_get_config64_")), ("core", ("openblas_get_corename", "scipy_openblas_get_corename64_"))):
                for symbol in symbols:
                    if hasattr(library, symbol):
                        function = getattr(library, symbol)
                        function.restype = ctypes.c_char_p
                        entry[key] = function().decode()
                        break
        except OSError as error:
            entry["error"] = str(error)
        found.append(entry)
    return found


def unfold(x, mode):
    """TensorLy's unfolding."""
    return np.reshape(np.moveaxis(x, mode, 0), (x.shape[mode], -1))


def khatri_rao(factors):
    """TensorLy's: the first matrix varies slowest."""
    result = factors[0]
    for factor in factors[1:]:
        result = np.reshape(result[:, None, :] * factor[None, :, :], (-1, result.shape[1]))
    return result


def work(quick):
    random = np.random.default_rng(1)
    for dtype in (np.float64, np.float32):
        bits = "f64" if dtype == np.float64 else "f32"

        def uniform(*shape):
            return random.uniform(-1, 1, shape).astype(dtype)

        for n in (64, 256) if quick else (16, 64, 256, 512, 1024):
            a, b, c = uniform(n, n), uniform(n, n), np.empty((n, n), dtype)
            yield "gemm", bits, [n, n, n], lambda a=a, b=b, c=c: np.matmul(a, b, out=c)
            yield "gram", bits, [n, n], lambda a=a: a @ a.T
        for n in (100,) if quick else (32, 100, 200, 500, 1000):
            a = uniform(n, n)
            spd = a @ a.T + np.eye(n, dtype=dtype)
            yield "svd", bits, [n, n], lambda a=a: np.linalg.svd(a, full_matrices=False)
            yield "svdvals", bits, [n, n], lambda a=a: np.linalg.svd(a, compute_uv=False)
            yield "qr", bits, [n, n], lambda a=a: np.linalg.qr(a)
            yield "eigh", bits, [n, n], lambda spd=spd: np.linalg.eigh(spd)
            yield "cholesky", bits, [n, n], lambda spd=spd: np.linalg.cholesky(spd)
        for side in (64,) if quick else (64, 200):
            x, factors = uniform(side, side, side), [uniform(side, 16) for _ in range(3)]
            for mode in range(3):
                others = [f for k, f in enumerate(factors) if k != mode]
                yield "unfold", bits, [side] * 3 + [mode], lambda x=x, mode=mode: np.ascontiguousarray(unfold(x, mode))
                yield "mttkrp", bits, [side] * 3 + [mode], lambda x=x, mode=mode, others=others: unfold(x, mode) @ khatri_rao(others)


def median_ms(run, rounds, sample):
    run()
    start = time.perf_counter()
    run()
    repeats = max(1, min(100_000, int(sample / max(time.perf_counter() - start, 1e-7))))
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(repeats):
            run()
        times.append((time.perf_counter() - start) / repeats * 1e3)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer and smaller sizes")
    parser.add_argument("--rounds", type=int, default=None)
    arguments = parser.parse_args()
    rounds = arguments.rounds or (5 if arguments.quick else 11)
    sample = 0.005 if arguments.quick else 0.02
    results = [
        {"operation": operation, "type": bits, "shape": shape, "medianMs": median_ms(run, rounds, sample)}
        for operation, bits, shape, run in work(arguments.quick)
    ]
    environment = {name: os.environ[name] for name in sorted(os.environ) if name.startswith(("OPENBLAS_", "MKL_", "OMP_", "GOMP_"))}
    json.dump(
        {"numpy": np.__version__, "python": platform.python_version(), "machine": platform.machine(), "blas": loaded_blas(), "environment": environment, "threads": int(THREADS), "rounds": rounds, "results": results},
        sys.stdout,
        indent=1,
    )
    print()


if __name__ == "__main__":
    main()
