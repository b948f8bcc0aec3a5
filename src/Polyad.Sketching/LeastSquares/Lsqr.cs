using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// LSQR (Paige, Saunders 1982) for min ||A N y - r|| and several right sides at once, each with its own scalars. A step reads A once: u is kept unscaled, so that its product with A^T follows from the same pass.
/// </summary>
internal sealed class Lsqr<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly LinearOperator<T> _a;
    private readonly RightPreconditioner<T> _n;
    private readonly ILinearAlgebraBackend _engine;
    private readonly Tensor<T> _x;
    private readonly Tensor<T> _gradient;
    private readonly Tensor<T> _v;
    private readonly Tensor<T> _w;
    private readonly Tensor<T> _next;
    private readonly int _k;

    public Lsqr(LinearOperator<T> a, RightPreconditioner<T> n, int rightSides, ILinearAlgebraBackend engine)
    {
        (_a, _n, _engine, _k) = (a, n, engine, rightSides);
        _x = FreshMemory.Zeros<T>([a.Columns, _k]);
        _gradient = FreshMemory.Zeros<T>([a.Columns, _k]);
        _v = FreshMemory.Zeros<T>([n.Columns, _k]);
        _w = FreshMemory.Zeros<T>([n.Columns, _k]);
        _next = FreshMemory.Zeros<T>([n.Columns, _k]);
    }

    /// <summary>
    /// Iterates from y = 0. Returns the steps taken. Right sides stop one by one when the estimate of ||(A N)^T (r - A N y)|| is at most their limit.
    /// </summary>
    /// <param name="u">r, m x k; overwritten.</param>
    /// <param name="gradient">A^T r, n x k.</param>
    /// <param name="limits">One for each right side.</param>
    /// <param name="most">The most steps.</param>
    /// <param name="y">Receives the solution, p x k.</param>
    /// <param name="report">Told after each step the largest ratio of an estimate to its limit.</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    public int Run(Tensor<T> u, Tensor<T> gradient, double[] limits, int most, Tensor<T> y, Action<double>? report, CancellationToken cancellationToken)
    {
        LinearAlgebra.Elements(y).Clear();
        double[] beta = Norms(u), alpha = new double[_k], phi = [.. beta], rho = new double[_k];
        bool[] active = new bool[_k];
        _n.ApplyAdjoint(gradient.AsReadOnlyMatrix(), _v.AsMatrix(), _engine);
        double[] first = Norms(_v);
        for (int j = 0; j < _k; j++)
        {
            // v = N^T A^T u / alpha with u = r / beta.
            active[j] = beta[j] > 0 && first[j] > limits[j];
            alpha[j] = active[j] ? first[j] / beta[j] : 0;
            rho[j] = alpha[j];
            Scale(_v, j, active[j] ? 1 / first[j] : 0);
        }

        LinearAlgebra.Elements(_v).CopyTo(LinearAlgebra.Elements(_w));
        T[] scales = new T[_k];
        int step = 0;
        for (; step < most && active.Any(static a => a); step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int j = 0; j < _k; j++)
            {
                scales[j] = T.CreateTruncating(beta[j] > 0 ? -alpha[j] / beta[j] : 0);
            }

            _n.Apply(_v.AsReadOnlyMatrix(), _x.AsMatrix(), _engine);
            _a.Step(_x.AsReadOnlyMatrix(), scales, u.AsMatrix(), _gradient.AsMatrix(), _engine);
            double[] betas = Norms(u);
            _n.ApplyAdjoint(_gradient.AsReadOnlyMatrix(), _next.AsMatrix(), _engine);
            double worst = 0;
            for (int j = 0; j < _k; j++)
            {
                beta[j] = betas[j];
                if (!active[j])
                {
                    continue;
                }

                // v = (N^T A^T u - beta v) / alpha of the scaled u.
                Combine(_next, _v, j, beta[j] > 0 ? 1 / beta[j] : 0, -beta[j]);
                alpha[j] = Norm(_next, j);
                Copy(_next, _v, j, alpha[j] > 0 ? 1 / alpha[j] : 0);
                double r = Math.Sqrt((rho[j] * rho[j]) + (beta[j] * beta[j])), c = rho[j] / r, s = beta[j] / r, theta = s * alpha[j];
                Combine(y, _w, j, 1, c * phi[j] / r);
                Combine(_w, _v, j, -theta / r, 1);
                rho[j] = -c * alpha[j];
                phi[j] *= s;
                double left = phi[j] * alpha[j] * Math.Abs(c);
                active[j] = left > limits[j];
                worst = Math.Max(worst, left / limits[j]);
            }

            report?.Invoke(worst);
        }

        return step;
    }

    /// <summary>The lengths of the columns.</summary>
    public static double[] Norms(Tensor<T> x)
    {
        double[] norms = new double[x.Lengths[1]];
        for (int j = 0; j < norms.Length; j++)
        {
            norms[j] = Norm(x, j);
        }

        return norms;
    }

    private static double Norm(Tensor<T> x, int column) => LinearAlgebra.FrobeniusNorm(x.AsReadOnlyMatrix().Slice(0, column, (int)x.Lengths[0], 1));

    /// <summary>Column j of X becomes p X + q Y.</summary>
    private static void Combine(Tensor<T> x, Tensor<T> y, int column, double p, double q)
    {
        int k = (int)x.Lengths[1];
        Span<T> to = LinearAlgebra.Elements(x), from = LinearAlgebra.Elements(y);
        T a = T.CreateTruncating(p), b = T.CreateTruncating(q);
        for (int i = column; i < to.Length; i += k)
        {
            to[i] = (a * to[i]) + (b * from[i]);
        }
    }

    private static void Scale(Tensor<T> x, int column, double p)
    {
        Span<T> to = LinearAlgebra.Elements(x);
        T a = T.CreateTruncating(p);
        for (int i = column; i < to.Length; i += (int)x.Lengths[1])
        {
            to[i] *= a;
        }
    }

    /// <summary>Column j of Y becomes p X.</summary>
    private static void Copy(Tensor<T> x, Tensor<T> y, int column, double p)
    {
        Span<T> from = LinearAlgebra.Elements(x), to = LinearAlgebra.Elements(y);
        T a = T.CreateTruncating(p);
        for (int i = column; i < to.Length; i += (int)x.Lengths[1])
        {
            to[i] = a * from[i];
        }
    }
}
