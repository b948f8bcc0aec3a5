"""scikit-learn's PolynomialCountSketch on the rows of an .npy file (dense) or an .npz file of a CSR matrix (arrays data, indices, indptr, shape).

    python3 polynomial_count_sketch.py rows.npy degree features

Prints the version, then waits: for every line on standard input it transforms once and prints the seconds.
"""
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.kernel_approximation import PolynomialCountSketch

warnings.filterwarnings("ignore")
path, degree, features = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
if path.endswith(".npz"):
    from scipy.sparse import csr_matrix

    arrays = np.load(path)
    rows = csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=tuple(arrays["shape"]))
else:
    rows = np.load(path)
sketch = PolynomialCountSketch(gamma=0.5, coef0=0.5, degree=degree, n_components=features, random_state=0).fit(rows)
print(f"scikit-learn {sklearn.__version__}, numpy {np.__version__}", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    sketch.transform(rows)
    print(time.perf_counter() - start, flush=True)
