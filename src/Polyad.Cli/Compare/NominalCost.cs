using System.Numerics;
using Polyad.Cli.Machine;

namespace Polyad.Cli.Compare;

/// <summary>Floating-point operations and compulsory traffic of a problem.</summary>
/// <param name="Flops">Additions and multiplications.</param>
/// <param name="Read">Elements that must be read once.</param>
/// <param name="Written">Elements that must be written once.</param>
internal readonly record struct Cost(double Flops, double Read, double Written)
{
    public double Bytes(int elementSize) => (Read + Written) * elementSize;

    /// <summary>
    /// The least time that the measured limits allow: the greater of flops over the FMA ceiling and bytes over the bandwidth (of a copy where as much is written as read, of reading
    /// where little is written). Traffic binds only where the data exceed the last-level cache, or where there is nothing but traffic.
    /// </summary>
    public double RooflineSeconds(Ceiling ceiling, int elementSize)
    {
        double arithmetic = Flops / ((elementSize == sizeof(float) ? ceiling.FmaGflopsF32 : ceiling.FmaGflopsF64) * 1e9);
        double bytes = Bytes(elementSize);
        double traffic = bytes / ((Written > Read / 2 ? ceiling.MemcpyGbS : ceiling.ReadGbS) * 1e9);
        return Flops == 0 || bytes > Processor.LastLevelCacheBytes ? Math.Max(arithmetic, traffic) : arithmetic;
    }
}

/// <summary>
/// The nominal flop counts behind every GFLOP/s that the tool prints: those of the classical algorithm, whatever an engine really does, so that they compare engines and not accounts.
/// Counts follow Golub and Van Loan, Matrix Computations, 4th ed. (2013), and LAPACK Working Note 41.
/// </summary>
internal static class NominalCost
{
    /// <summary>C = A B, A m x k, B k x n: 2mnk.</summary>
    public static Cost Gemm(double m, double n, double k) => new(2 * m * n * k, (m * k) + (k * n), m * n);

    /// <summary>A^T A for A m x n, one triangle and its mirror: m n^2.</summary>
    public static Cost Gram(double m, double n) => new(m * n * n, m * n, n * n);

    /// <summary>Triangular solve with k right sides: n^2 k.</summary>
    public static Cost TriangularSolve(double n, double k) => new(n * n * k, (n * n / 2) + (n * k), n * k);

    /// <summary>n^3 / 3.</summary>
    public static Cost Cholesky(double n) => new(n * n * n / 3, n * n / 2, n * n);

    /// <summary>2 n^3 / 3.</summary>
    public static Cost Lu(double n) => new(2 * n * n * n / 3, n * n, n * n);

    /// <summary>R and thin Q (m >= n): 4 m n^2 - 4 n^3 / 3; for m below n, Q is m x m: the same with m and n exchanged, and 2 m^2 (n - m) for the rest of R.</summary>
    public static Cost Qr(double m, double n)
    {
        double k = Math.Min(m, n);
        return new((4 * m * k * k) - (4 * k * k * k / 3) + (2 * k * k * (n - k)), m * n, (m * k) + (k * n));
    }

    /// <summary>R alone: 2 m n^2 - 2 n^3 / 3 (m >= n).</summary>
    public static Cost QrR(double m, double n)
    {
        double k = Math.Min(m, n);
        return new((2 * m * k * k) - (2 * k * k * k / 3) + (2 * k * k * (n - k)), m * n, k * n);
    }

    /// <summary>Thin U, S and V of a matrix whose longer side is m: 6 m n^2 + 20 n^3 (R-SVD).</summary>
    public static Cost Svd(double rows, double columns)
    {
        double m = Math.Max(rows, columns), n = Math.Min(rows, columns);
        return new((6 * m * n * n) + (20 * n * n * n), m * n, (m * n) + (n * n));
    }

    /// <summary>Singular values alone: bidiagonalization, 4 m n^2 - 4 n^3 / 3, or by way of R, 2 m n^2 + 2 n^3, whichever is less.</summary>
    public static Cost SingularValues(double rows, double columns)
    {
        double m = Math.Max(rows, columns), n = Math.Min(rows, columns);
        return new(Math.Min((4 * m * n * n) - (4 * n * n * n / 3), (2 * m * n * n) + (2 * n * n * n)), m * n, n);
    }

    /// <summary>Eigenvalues and vectors of a symmetric matrix: 9 n^3.</summary>
    public static Cost SymmetricEigen(double n) => new(9 * n * n * n, n * n / 2, n * n);

    /// <summary>Eigenvalues alone: 4 n^3 / 3 (tridiagonalization).</summary>
    public static Cost SymmetricEigenvalues(double n) => new(4 * n * n * n / 3, n * n / 2, n);

    /// <summary>A copy of N elements: no flops.</summary>
    public static Cost Unfold(double elements) => new(0, elements, elements);

    /// <summary>X x_n M with M of J rows: 2 J N.</summary>
    public static Cost ModeProduct(double elements, double length, double rows) => new(2 * rows * elements, elements, elements / length * rows);

    /// <summary>X_(n) X_(n)^T, one triangle and its mirror: N I_n.</summary>
    public static Cost ModeGram(double elements, double length) => new(elements * length, elements, length * length);

    /// <summary>CP-ALS with a dimension tree: 4 R N and two readings a sweep.</summary>
    public static Cost CpSweeps(double elements, double rank, double sweeps) => new(4 * rank * elements * sweeps, 2 * elements * sweeps, 0);

    /// <summary>Sequentially truncated HOSVD: for each mode the Gram matrix, N I_n, and the projection, 2 r N, of what the modes before have left.</summary>
    public static Cost Tucker(IReadOnlyList<int> shape, int rank)
    {
        double elements = shape.Aggregate(1.0, static (product, n) => product * n), left = elements, flops = 0;
        foreach (int n in shape)
        {
            double r = Math.Min(rank, n);
            flops += (left * n) + (2 * r * left);
            left *= r / n;
        }

        return new(flops, elements, left);
    }

    /// <summary>TT-SVD (Roehrig-Zoellner, Thies, Basermann, SIAM J. Sci. Comput. 44, 2022) counted by its first and largest step: R of the unfolding, 2 N I_d, and the projection, 2 N r.</summary>
    public static Cost TensorTrain(IReadOnlyList<int> shape, int rank)
    {
        double elements = shape.Aggregate(1.0, static (product, n) => product * n), columns = shape[^1];
        return new(2 * elements * (columns + Math.Min(rank, columns)), elements, shape.Sum(n => (double)n * rank * rank));
    }

    /// <summary>Complex transform of n points: 5 n log2 n, the count of the radix-2 method, for any n.</summary>
    public static Cost Fft(double n) => new(5 * n * Math.Log2(n), 2 * n, 2 * n);

    /// <summary>n log2 n additions.</summary>
    public static Cost WalshHadamard(double n) => new(n * Math.Log2(n), n, n);

    /// <summary>A count sketch of m rows: m n additions of signed numbers.</summary>
    public static Cost CountSketch(double m, double n, double features) => new(m * n, m * n, m * features);

    /// <summary>A subsampled Hadamard transform of m rows: N log2 N additions for each N of the features, N the power of two from n.</summary>
    public static Cost Srht(double m, double n, double features) => new(m * Hadamard(n, features), m * n, m * features);

    /// <summary>TensorSketch of degree p (Pham and Pagh 2013): p count sketches and p + 1 real transforms of D points, 2.5 D log2 D each, and p - 1 products of D / 2 complex numbers, 6 flops each.</summary>
    public static Cost TensorSketch(double m, double n, int degree, double features)
        => new(m * ((degree * n) + ((degree + 1) * 2.5 * features * Math.Log2(features)) + ((degree - 1) * 3 * features)), m * n, m * features);

    /// <summary>Complex-to-real ProductSRHT (Wacker, Ohana, Filippone 2022): for each of p factors the transforms of real and of imaginary parts, and p - 1 products of D / 2 complex numbers.</summary>
    public static Cost ProductSrht(double m, double n, int degree, double features)
        => new(m * ((2 * degree * Hadamard(n, features / 2)) + ((degree - 1) * 3 * features)), m * n, m * features);

    /// <summary>A recursive complex sketch of all degrees up to p: p transforms of the row, p - 1 of the D / 2 complex numbers of the degree below, and as many products.</summary>
    public static Cost PolySketch(double m, double n, int degree, double features)
        => new(m * ((2 * degree * Hadamard(n, features / 2)) + ((degree - 1) * (2 * Hadamard(features / 2, features / 2))) + ((degree - 1) * 3 * features)), m * n, m * degree * features);

    /// <summary>D / 2 projections, 2 n flops each; a sine or cosine counts as one.</summary>
    public static Cost RandomFourier(double m, double n, double features) => new(m * ((n * features) + features), m * n, m * features);

    /// <summary>
    /// Randomized SVD (Halko, Martinsson, Tropp 2011) with l columns and q power iterations: 2 q + 2 products, 2 q + 1 orthonormalizations of 2 l^2 flops a row counted with the sides in turn, and the SVD of n x l.
    /// </summary>
    public static Cost RandomizedSvd(double m, double n, double columns, int iterations)
    {
        double small = Svd(Math.Min(m, n), columns).Flops;
        return new((((2 * iterations) + 2) * 2 * m * n * columns) + (2 * columns * columns * (((iterations + 1) * m) + (iterations * n))) + small, m * n, (m + n + 1) * columns);
    }

    /// <summary>Least squares by R of [A b]: 2 m n^2 - 2 n^3 / 3.</summary>
    public static Cost LeastSquares(double m, double n) => QrR(m, n) with { Read = m * (n + 1), Written = n };

    /// <summary>2 R N.</summary>
    public static Cost Mttkrp(double elements, double length, double rank) => new(2 * rank * elements, elements, length * rank);

    private static double Hadamard(double n, double outputs)
    {
        double order = BitOperations.RoundUpToPowerOf2((ulong)n);
        return Math.Ceiling(outputs / order) * order * Math.Log2(order);
    }
}
