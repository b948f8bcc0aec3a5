using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad;

/// <summary>How a Krylov iteration runs.</summary>
/// <param name="Tolerance">Relative residual; null for 1e-9 in double, 1e-4 in float.</param>
/// <param name="Seed">Of the random start.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Restarts">Bases that are built before it gives up.</param>
/// <param name="Report">Told after each basis how many were built and how large the worst relative residual is.</param>
/// <param name="CancellationToken">Looked at before each product.</param>
internal readonly record struct KrylovSettings(
    double? Tolerance, ulong Seed, ILinearAlgebraBackend Engine, int Restarts = 12, Action<int, double>? Report = null, CancellationToken CancellationToken = default);

/// <summary>Leading triplets or eigenpairs as the last basis gave them.</summary>
/// <param name="Values">k values, descending.</param>
/// <param name="Left">m x k.</param>
/// <param name="Right">k x n; null for eigenpairs.</param>
/// <param name="Residual">The worst relative residual.</param>
/// <param name="Restarts">Bases built.</param>
/// <param name="Converged">Whether the residual meets the tolerance.</param>
internal sealed record KrylovOutcome<T>(Tensor<T> Values, Tensor<T> Left, Tensor<T>? Right, double Residual, int Restarts, bool Converged)
    where T : unmanaged
{
    public NonConvergenceException Exception()
        => new($"The Krylov iteration has not converged after {Restarts} restarts: the largest relative residual is {Residual:E2}.", Restarts);
}

/// <summary>
/// Randomized block Krylov iteration with full orthogonalization (Golub, Underwood 1977; Musco, Musco 2015). A basis has four blocks; a restart begins with the best vectors of the last one.
/// </summary>
internal static class KrylovIteration
{
    /// <summary>Blocks in a basis before it is restarted from its best vectors.</summary>
    private const int Depth = 4;

    /// <summary>Vectors in a block beyond those that are wanted.</summary>
    private const int Extra = 8;

    /// <summary>Leading singular triplets; null when so many are wanted that the full factorization is the better way.</summary>
    public static KrylovOutcome<T>? Svd<T>(LinearOperator<T> a, int k, in KrylovSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        int m = a.Rows, n = a.Columns, block = k + Extra, width = block * Depth;
        if (!Suits(k, Math.Min(m, n)))
        {
            return null;
        }

        ILinearAlgebraBackend engine = settings.Engine;
        double limit = settings.Tolerance ?? DefaultResidual<T>();
        Tensor<T> start = LinearAlgebra.Qr(new CounterRandom(settings.Seed).Normal<T>(n, block).AsReadOnlyMatrix(), engine).Q;
        KrylovOutcome<T>? best = null;
        for (int restart = 1; restart <= settings.Restarts; restart++)
        {
            Tensor<T> basis = FreshMemory.Zeros<T>([n, width]), image = FreshMemory.Zeros<T>([m, width]);
            MatrixView<T> p = basis.AsMatrix(), y = image.AsMatrix();
            for (int depth = 0; depth < Depth; depth++)
            {
                settings.CancellationToken.ThrowIfCancellationRequested();
                int at = depth * block;
                start.AsReadOnlyMatrix().CopyTo(p.Slice(0, at, n, block));
                a.ApplyCore(start.AsReadOnlyMatrix(), y.Slice(0, at, m, block), engine);
                if (depth + 1 < Depth)
                {
                    Tensor<T> next = FreshMemory.Zeros<T>([n, block]);
                    a.ApplyAdjointCore(y.Slice(0, at, m, block), next.AsMatrix(), engine);
                    start = Extend(engine, p.Slice(0, 0, n, at + block), next);
                }
            }

            // Y = A P = Q R, R = U S V^T: A (P v) = s (Q u) exactly, and A^T (Q u) - s (P v) is what is missing.
            QrResult<T> qr = LinearAlgebra.Qr(image.AsReadOnlyMatrix(), engine);
            SvdResult<T> small = LinearAlgebra.Svd(qr.R.AsReadOnlyMatrix(), backend: engine);
            Tensor<T> u = LinearAlgebra.MatMul(qr.Q.AsReadOnlyMatrix(), small.U.AsReadOnlyMatrix().Slice(0, 0, width, block), engine);
            Tensor<T> v = LinearAlgebra.MatMul(basis.AsReadOnlyMatrix(), small.Vt.AsReadOnlyMatrix().Slice(0, 0, block, width).Transpose, engine);
            Tensor<T> residual = FreshMemory.Zeros<T>([n, block]);
            a.ApplyAdjointCore(u.AsReadOnlyMatrix(), residual.AsMatrix(), engine);
            ReadOnlySpan<T> values = LinearAlgebra.Elements(small.S);
            double worst = Relative(LargestResidual(residual, v, values, k), double.CreateSaturating(values[0]));
            settings.Report?.Invoke(restart, worst);
            if (worst <= limit || restart == settings.Restarts)
            {
                Tensor<T> left = u.AsReadOnlyMatrix().Slice(0, 0, m, k).ToTensor(), right = v.AsReadOnlyMatrix().Slice(0, 0, n, k).Transpose.ToTensor();
                SignConvention.ColumnsPositive(left.AsMatrix(), right.AsMatrix(), k);
                best = new(Tensor.Create(values[..k].ToArray(), [k]), left, right, worst, restart, worst <= limit);
                break;
            }

            start = LinearAlgebra.Qr(v.AsReadOnlyMatrix(), engine).Q;
        }

        return best;
    }

    /// <summary>Leading eigenpairs of a symmetric operator; null when so many are wanted that the full factorization is the better way.</summary>
    public static KrylovOutcome<T>? Eigen<T>(LinearOperator<T> a, int k, in KrylovSettings settings)
        where T : unmanaged, INumberBase<T>
    {
        int n = a.Rows, block = k + Extra, width = block * Depth;
        if (!Suits(k, n))
        {
            return null;
        }

        ILinearAlgebraBackend engine = settings.Engine;
        double limit = settings.Tolerance ?? DefaultResidual<T>();
        double? norm = a.FrobeniusNorm;
        Tensor<T> start = LinearAlgebra.Qr(new CounterRandom(settings.Seed).Normal<T>(n, block).AsReadOnlyMatrix(), engine).Q;
        KrylovOutcome<T>? best = null;
        for (int restart = 1; restart <= settings.Restarts; restart++)
        {
            Tensor<T> basis = FreshMemory.Zeros<T>([n, width]), image = FreshMemory.Zeros<T>([n, width]);
            MatrixView<T> p = basis.AsMatrix(), y = image.AsMatrix();
            for (int depth = 0; depth < Depth; depth++)
            {
                settings.CancellationToken.ThrowIfCancellationRequested();
                int at = depth * block;
                start.AsReadOnlyMatrix().CopyTo(p.Slice(0, at, n, block));
                a.ApplyCore(start.AsReadOnlyMatrix(), y.Slice(0, at, n, block), engine);
                if (depth + 1 < Depth)
                {
                    start = Extend(engine, p.Slice(0, 0, n, at + block), ((ReadOnlyMatrixView<T>)y.Slice(0, at, n, block)).ToTensor());
                }
            }

            EigenResult<T> small = LinearAlgebra.SymmetricEigen(LinearAlgebra.MatMul(basis.AsReadOnlyMatrix().Transpose, image.AsReadOnlyMatrix(), engine).AsReadOnlyMatrix(), engine);
            ReadOnlySpan<T> all = LinearAlgebra.Elements(small.Values);
            Tensor<T> chosen = FreshMemory.Zeros<T>([width, block]);
            T[] values = new T[block];
            for (int j = 0; j < block; j++)
            {
                small.Vectors.AsReadOnlyMatrix().Slice(0, width - 1 - j, width, 1).CopyTo(chosen.AsMatrix().Slice(0, j, width, 1));
                values[j] = all[width - 1 - j];
            }

            Tensor<T> v = LinearAlgebra.MatMul(basis.AsReadOnlyMatrix(), chosen.AsReadOnlyMatrix(), engine);
            Tensor<T> residual = LinearAlgebra.MatMul(image.AsReadOnlyMatrix(), chosen.AsReadOnlyMatrix(), engine);
            double size = norm ?? Math.Max(Math.Abs(double.CreateSaturating(all[0])), Math.Abs(double.CreateSaturating(all[^1])));
            double worst = Relative(LargestResidual(residual, v, values, k), size);
            settings.Report?.Invoke(restart, worst);
            if (worst <= limit || restart == settings.Restarts)
            {
                Tensor<T> vectors = v.AsReadOnlyMatrix().Slice(0, 0, n, k).ToTensor();
                SignConvention.ColumnsPositive(vectors.AsMatrix(), default, k);
                best = new(Tensor.Create(values[..k], [k]), vectors, null, worst, restart, worst <= limit);
                break;
            }

            start = LinearAlgebra.Qr(v.AsReadOnlyMatrix(), engine).Q;
        }

        return best;
    }

    /// <summary>The operator as a matrix: products with the unit vectors of its shorter side.</summary>
    public static Tensor<T> WriteOut<T>(LinearOperator<T> a, ILinearAlgebraBackend engine)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> dense = FreshMemory.Zeros<T>([a.Rows, a.Columns]);
        bool wide = a.Rows < a.Columns;
        int order = Math.Min(a.Rows, a.Columns);
        const int Part = 256;
        for (int first = 0; first < order; first += Part)
        {
            int count = Math.Min(Part, order - first);
            Tensor<T> units = FreshMemory.Zeros<T>([order, count]);
            for (int j = 0; j < count; j++)
            {
                units[first + j, j] = T.One;
            }

            if (wide)
            {
                a.ApplyAdjointCore(units.AsReadOnlyMatrix(), dense.AsMatrix().Slice(first, 0, count, a.Columns).Transpose, engine);
            }
            else
            {
                a.ApplyCore(units.AsReadOnlyMatrix(), dense.AsMatrix().Slice(0, first, a.Rows, count), engine);
            }
        }

        return dense;
    }

    private static bool Suits(int k, int order) => 4 * (long)k <= order && (k + (long)Extra) * Depth <= order;

    private static double Relative(double residual, double size) => residual == 0 ? 0 : residual / size;

    private static double DefaultResidual<T>()
        where T : unmanaged
        => typeof(T) == typeof(float) ? 1e-4 : 1e-9;

    /// <summary>An orthonormal basis of W that is orthogonal to P. The second and third pass act on unit columns, so that a W inside the span of P still leaves a good basis.</summary>
    private static Tensor<T> Extend<T>(ILinearAlgebraBackend engine, in ReadOnlyMatrixView<T> p, Tensor<T> w)
        where T : unmanaged, INumberBase<T>
    {
        for (int pass = 0; pass < 3; pass++)
        {
            Tensor<T> inside = LinearAlgebra.MatMul(p.Transpose, w.AsReadOnlyMatrix(), engine);
            engine.MatMul(-T.One, p, inside.AsReadOnlyMatrix(), T.One, w.AsMatrix());
            w = LinearAlgebra.Qr(w.AsReadOnlyMatrix(), engine).Q;
        }

        return w;
    }

    /// <summary>The largest ||r_j - s_j v_j|| of the first k columns; R is overwritten.</summary>
    private static double LargestResidual<T>(Tensor<T> r, Tensor<T> v, ReadOnlySpan<T> s, int k)
        where T : unmanaged, INumberBase<T>
    {
        int rows = (int)r.Lengths[0], columns = (int)r.Lengths[1];
        Span<T> residual = LinearAlgebra.Elements(r), vectors = LinearAlgebra.Elements(v);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < k; j++)
            {
                residual[(i * columns) + j] -= s[j] * vectors[(i * columns) + j];
            }
        }

        double largest = 0;
        for (int j = 0; j < k; j++)
        {
            largest = Math.Max(largest, LinearAlgebra.FrobeniusNorm(r.AsReadOnlyMatrix().Slice(0, j, rows, 1)));
        }

        return largest;
    }
}
