"""Tensor decompositions on numpy the way TensorLy does them, timed on request.

Started by Polyad.Peers --tensors, which takes turns with it. A line on standard input is a command:

    prepare NAME MODE RANK N0xN1x...    inputs for an operation; answers "ready"
    run                                 runs it once; answers the milliseconds it took
    about                               numpy and its BLAS, as JSON

An operation is a function of (shape, rank, mode, random) that returns a callable; @operation("name") makes it known.
"""
import json
import sys
import time

from numpy_peer import THREADS, khatri_rao, loaded_blas, np, unfold

OPERATIONS = {}


def operation(name):
    def register(make):
        OPERATIONS[name] = make
        return make

    return register


def mttkrp(x, factors, mode):
    return unfold(x, mode) @ khatri_rao([f for k, f in enumerate(factors) if k != mode])


@operation("unfold")
def make_unfold(shape, rank, mode, random):
    x = random.uniform(-1, 1, shape)
    return lambda: np.ascontiguousarray(unfold(x, mode))


@operation("mttkrp")
def make_mttkrp(shape, rank, mode, random):
    x, factors = random.uniform(-1, 1, shape), [random.uniform(-1, 1, (n, rank)) for n in shape]
    return lambda: mttkrp(x, factors, mode)


def als(x, factors, sweeps):
    """Alternating least squares; the error after each sweep from the last product, as TensorLy has it."""
    factors, norm, errors = list(factors), np.linalg.norm(x), []
    for _ in range(sweeps):
        for mode in range(x.ndim):
            gram = np.ones((factors[0].shape[1],) * 2)
            for k, factor in enumerate(factors):
                if k != mode:
                    gram = gram * (factor.T @ factor)
            product = mttkrp(x, factors, mode)
            factors[mode] = np.linalg.solve(gram.T, product.T).T
        square = np.ones_like(gram)
        for factor in factors:
            square = square * (factor.T @ factor)
        errors.append(np.sqrt(np.abs(norm**2 + np.sum(square) - 2 * np.sum(product * factors[-1]))) / norm)
    return factors, errors


@operation("cp-als-10")
def make_als(shape, rank, mode, random):
    x, factors = random.uniform(-1, 1, shape), [random.uniform(-1, 1, (n, rank)) for n in shape]
    return lambda: als(x, factors, 10)


@operation("cp-svd-init")
def make_svd_init(shape, rank, mode, random):
    x = random.uniform(-1, 1, shape)
    return lambda: [np.linalg.svd(unfold(x, n), full_matrices=False)[0][:, :rank] for n in range(x.ndim)]


def main():
    run = None
    for line in sys.stdin:
        words = line.split()
        if words[0] == "about":
            answer = json.dumps({"numpy": np.__version__, "blas": loaded_blas(), "threads": int(THREADS)})
        elif words[0] == "prepare":
            name, mode, rank, shape = words[1], int(words[2]), int(words[3]), tuple(int(n) for n in words[4].split("x"))
            run = OPERATIONS[name](shape, rank, mode, np.random.default_rng(1))
            answer = "ready"
        else:
            start = time.perf_counter()
            run()
            answer = repr((time.perf_counter() - start) * 1e3)
        print(answer, flush=True)


if __name__ == "__main__":
    main()
