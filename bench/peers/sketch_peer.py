"""Randomized linear algebra as scikit-learn and numpy have it, timed on request: started by "Polyad.Peers sketches", with the commands of tensor_peer.py."""
from numpy_peer import np
from tensor_peer import main, operation


@operation("rsvd")
def make_rsvd(shape, rank, mode, random):
    """scikit-learn's, with ten columns of oversampling and two power iterations, orthonormalized by QR."""
    from sklearn.utils.extmath import randomized_svd

    x = random.uniform(-1, 1, shape)
    norm = np.linalg.norm(x)

    def run():
        _, s, _ = randomized_svd(x, rank, n_oversamples=10, n_iter=2, power_iteration_normalizer="QR", random_state=0)
        return float(np.sqrt(1 - np.sum(s**2) / norm**2))

    return run


def least_squares(shape, random, solve):
    a, b = random.uniform(-1, 1, shape), random.uniform(-1, 1, shape[0])

    def run():
        x = solve(a, b)
        return float(np.linalg.norm(a.T @ (b - a @ x)) / (np.linalg.norm(a) * np.linalg.norm(b)))

    return run


@operation("lstsq-qr")
def make_qr(shape, rank, mode, random):
    """R of [A b]: the cheapest route by an orthogonal factorization."""
    from scipy.linalg import solve_triangular

    def solve(a, b):
        r = np.linalg.qr(np.column_stack((a, b)), mode="r")
        return solve_triangular(r[:-1, :-1], r[:-1, -1])

    return least_squares(shape, random, solve)


@operation("lstsq-gelsd")
def make_gelsd(shape, rank, mode, random):
    return least_squares(shape, random, lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0])


if __name__ == "__main__":
    main()
