"""Tensor decompositions on numpy the way TensorLy does them, timed on request.

Started by "Polyad.Peers tensors", which takes turns with it. A line on standard input is a command:

    prepare NAME MODE RANK N0xN1x...    inputs for an operation; answers "ready"
    run                                 runs it once; answers the milliseconds it took
    error                               answers the relative error of the last run ("nan" where there is none)
    about                               numpy and its BLAS, as JSON

An operation is a function of (shape, rank, mode, random) that returns a callable, whose result is its error when that is a float, or such a callable and a function that judges the result;
@operation("name") makes it known.
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

    def error(unfolding):
        """||U - X_(n)|| / ||X||, a slice of the tensor beside each row."""
        squares = sum(np.linalg.norm(row - np.take(x, i, axis=mode).ravel()) ** 2 for i, row in enumerate(unfolding))
        return float(np.sqrt(squares) / np.linalg.norm(x))

    return lambda: np.ascontiguousarray(unfold(x, mode)), error


@operation("mttkrp")
def make_mttkrp(shape, rank, mode, random):
    x, factors = random.uniform(-1, 1, shape), [random.uniform(-1, 1, (n, rank)) for n in shape]

    def error(product):
        """||G - definition|| / ||definition|| over the first, middle and last rows and columns, the sums of the definition in extended precision."""
        squares = norm = np.longdouble(0)
        for i in (0, shape[mode] // 2, shape[mode] - 1):
            for r in (0, rank // 2, rank - 1):
                rest = np.take(x, i, axis=mode).astype(np.longdouble)
                for k in reversed([k for k in range(len(shape)) if k != mode]):
                    rest = np.sum(rest * factors[k][:, r].astype(np.longdouble), axis=-1)
                squares, norm = squares + (product[i, r] - rest) ** 2, norm + rest**2
        return float(np.sqrt(squares / norm))

    return lambda: mttkrp(x, factors, mode), error


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
    return lambda: als(x, factors, 10)[1][-1]


@operation("cp-svd-init")
def make_svd_init(shape, rank, mode, random):
    x = random.uniform(-1, 1, shape)
    return lambda: [np.linalg.svd(unfold(x, n), full_matrices=False)[0][:, :rank] for n in range(x.ndim)]


def truncated_svd(matrix, rank):
    """The leading singular vectors from a full thin SVD: TensorLy's default."""
    u, s, vt = np.linalg.svd(matrix, full_matrices=False)
    return u[:, :rank], s[:rank], vt[:rank]


def mode_product(x, matrix, mode):
    """U^T along a mode by way of the unfolding, as TensorLy has it."""
    rest = [n for k, n in enumerate(x.shape) if k != mode]
    return np.moveaxis((matrix.T @ unfold(x, mode)).reshape([matrix.shape[1]] + rest), 0, mode)


def project(x, factors, skip=None):
    for mode, factor in enumerate(factors):
        if mode != skip:
            x = mode_product(x, factor, mode)
    return x


@operation("tucker-5")
def make_tucker(shape, rank, mode, random):
    """Five iterations of HOOI from the HOSVD."""
    x = random.uniform(-1, 1, shape)

    def run():
        factors, norm = [truncated_svd(unfold(x, n), rank)[0] for n in range(x.ndim)], np.linalg.norm(x)
        for _ in range(5):
            for n in range(x.ndim):
                factors[n] = truncated_svd(unfold(project(x, factors, n), n), rank)[0]
            error = np.sqrt(np.abs(norm**2 - np.linalg.norm(project(x, factors)) ** 2)) / norm
        return float(error)

    return run


@operation("tt-svd")
def make_tt(shape, rank, mode, random):
    """From left to right. What is dropped is orthogonal to what stays, so the norm of the last core gives the error."""
    x = random.uniform(-1, 1, shape)

    def run():
        rest, left, cores = x, 1, []
        for n in shape[:-1]:
            u, s, vt = truncated_svd(rest.reshape(left * n, -1), rank)
            cores.append(u.reshape(left, n, -1))
            rest, left = s[:, None] * vt, len(s)
        cores.append(rest)
        return float(np.sqrt(1 - (np.linalg.norm(rest) / np.linalg.norm(x)) ** 2))

    return run


def main():
    run = judge = result = None
    for line in sys.stdin:
        words = line.split()
        if words[0] == "about":
            answer = json.dumps({"numpy": np.__version__, "blas": loaded_blas(), "threads": int(THREADS)})
        elif words[0] == "prepare":
            name, mode, rank, shape = words[1], int(words[2]), int(words[3]), tuple(int(n) for n in words[4].split("x"))
            run = OPERATIONS[name](shape, rank, mode, np.random.default_rng(1))
            run, judge = run if isinstance(run, tuple) else (run, None)
            answer = "ready"
        elif words[0] == "error":
            error = judge(result) if judge else result
            answer = repr(error if isinstance(error, float) else float("nan"))
        else:
            start = time.perf_counter()
            result = run()
            answer = repr((time.perf_counter() - start) * 1e3)
        print(answer, flush=True)


if __name__ == "__main__":
    main()
