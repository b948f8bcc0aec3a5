using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Randomly pivoted Cholesky (Chen, Epperly, Tropp, Webber 2022): row i becomes the next pivot with probability residual diagonal d_i / sum d. In blocks (Epperly, Tropp, Webber 2024): proposals
/// are drawn from the diagonal at the start of a block and accepted with probability d_i now / d_i then, which has the same distribution, while kernel columns come as matrix products.
/// </summary>
internal static class RandomlyPivotedCholesky
{
    private const int BlockSize = 64;

    /// <summary>Chooses at most <paramref name="count"/> rows; fewer when nothing is left but rounding.</summary>
    public static int[] Choose<T>(Kernel kernel, in FeatureRows<T> x, int count, in FitContext context)
        where T : unmanaged, INumberBase<T>
    {
        int n = x.Rows;
        double[] diagonal = [.. kernel.Diagonal(x).Select(double.CreateChecked)], residual = [.. diagonal];
        double trace = TensorPrimitives.Sum<double>(residual), negligible = n * LinearAlgebra.Epsilon<T>() * trace;
        if (residual.Any(static d => d < 0) || trace <= 0)
        {
            throw new ArgumentException($"The kernel {kernel} is not positive on the rows: a diagonal entry is negative, or all are 0.", nameof(x));
        }

        // F is n x count, filled from the left: K is nearly F F'.
        Tensor<T> factor = Tensor.CreateFromShape<T>([n, count]);
        MatrixView<T> f = factor.AsMatrix();
        List<int> pivots = [];
        ulong draw = 0;
        int proposals = 1;
        CounterRandom random = context.Draws(DrawStream.Landmarks);
        while (pivots.Count < count && TensorPrimitives.Sum<double>(residual) > negligible)
        {
            context.Report(pivots.Count, count);
            int done = pivots.Count;
            int[] proposed = Propose(residual, Math.Min(proposals, count - done), random, ref draw);
            Tensor<T> rows = x.Gather(proposed);
            int[] accepted = Accept(kernel, rows, proposed, diagonal, residual, (ReadOnlyMatrixView<T>)f.Slice(0, 0, n, done), random, ref draw, context.Backend);
            if (accepted.Length == 0)
            {
                // Nothing but rounding was left of the proposals.
                residual[proposed[0]] = 0;
                continue;
            }

            Tensor<T> landmarks = x.Gather(accepted);
            Extend(kernel, x, landmarks, accepted, f, done, residual, context.Backend);
            pivots.AddRange(accepted);

            // Blocks grow while most proposals are taken: the first pivots change the diagonal most.
            proposals = Math.Min(BlockSize, accepted.Length * 2 >= proposed.Length ? proposals * 2 : Math.Max(8, proposals / 2));
        }

        return [.. pivots];
    }

    /// <summary>Independent draws in proportion to the residual diagonal, by the inverse of its cumulative sums.</summary>
    private static int[] Propose(double[] residual, int count, CounterRandom random, ref ulong draw)
    {
        double[] cumulative = new double[residual.Length], uniform = new double[count];
        double sum = 0;
        for (int i = 0; i < cumulative.Length; i++)
        {
            cumulative[i] = sum += residual[i];
        }

        random.Uniform<double>(uniform, draw);
        draw += (ulong)count;
        int[] chosen = new int[count];
        for (int k = 0; k < count; k++)
        {
            int at = Array.BinarySearch(cumulative, uniform[k] * sum);
            at = at < 0 ? ~at : at + 1;

            // Rounding may point behind the last row, or at one without weight.
            at = Math.Min(at, cumulative.Length - 1);
            while (at > 0 && residual[at] <= 0)
            {
                at--;
            }

            chosen[k] = at;
        }

        return chosen;
    }

    /// <summary>Sequential rejection among the proposals, by Cholesky of their residual kernel; a row proposed twice is left over with nothing the second time.</summary>
    private static int[] Accept<T>(
        Kernel kernel,
        Tensor<T> rows,
        int[] proposed,
        double[] diagonal,
        double[] residual,
        in ReadOnlyMatrixView<T> f,
        CounterRandom random,
        ref ulong draw,
        ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        int b = proposed.Length;
        Tensor<double> residualKernel = ElementMath.ToDouble(kernel.Matrix(rows, backend));
        Span<double> h = LinearAlgebra.Elements(residualKernel);
        if (f.Columns > 0)
        {
            Tensor<T> part = new FeatureRows<T>(f).Gather(proposed);
            TensorPrimitives.Subtract<double>(h, LinearAlgebra.Elements(ElementMath.ToDouble(LinearAlgebra.Gram(part, backend))), h);
        }

        double[] uniform = new double[b];
        random.Uniform<double>(uniform, draw);
        draw += (ulong)b;
        List<int> accepted = [];
        for (int i = 0; i < b; i++)
        {
            double pivot = h[(i * b) + i], then = residual[proposed[i]];
            if (pivot <= 100 * LinearAlgebra.Epsilon<T>() * diagonal[proposed[i]] || uniform[i] * then >= pivot || accepted.Contains(proposed[i]))
            {
                continue;
            }

            accepted.Add(proposed[i]);
            for (int r = i + 1; r < b; r++)
            {
                double ratio = h[(r * b) + i] / pivot;
                for (int c = i + 1; c < b; c++)
                {
                    h[(r * b) + c] -= ratio * h[(i * b) + c];
                }
            }
        }

        return [.. accepted];
    }

    /// <summary>The next columns of F: (K[:, S] - F F[S]') L^(-T), L the Cholesky factor of its rows S; then the diagonal.</summary>
    private static void Extend<T>(
        Kernel kernel, in FeatureRows<T> x, Tensor<T> landmarks, int[] accepted, in MatrixView<T> f, int done, double[] residual, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        int n = x.Rows, b = accepted.Length;
        MatrixView<T> next = f.Slice(0, done, n, b);
        new PreparedKernel<T>(kernel, landmarks).Fill(x, next, backend);
        if (done > 0)
        {
            ReadOnlyMatrixView<T> earlier = (ReadOnlyMatrixView<T>)f.Slice(0, 0, n, done);
            Tensor<T> part = new FeatureRows<T>(earlier).Gather(accepted);
            backend.MatMul(-T.One, earlier, part.AsReadOnlyMatrix().Transpose, T.One, next);
        }

        Tensor<T> core = new FeatureRows<T>((ReadOnlyMatrixView<T>)next).Gather(accepted);
        MatrixView<T> g = core.AsMatrix();
        double shift = 0;
        for (int i = 0; i < b; i++)
        {
            shift += double.CreateChecked(g[i, i]);
        }

        // Rounding in what is left may make it slightly indefinite.
        for (int i = 0; i < b; i++)
        {
            g[i, i] += T.CreateChecked(LinearAlgebra.Epsilon<T>() * b * shift);
        }

        Tensor<T> lower = LinearAlgebra.Cholesky(core, backend);
        backend.TriangularSolve(Triangle.Lower, false, lower.AsReadOnlyMatrix(), next.Transpose);
        for (int i = 0; i < n; i++)
        {
            double used = 0;
            for (int j = 0; j < b; j++)
            {
                double value = double.CreateChecked(next[i, j]);
                used += value * value;
            }

            residual[i] = Math.Max(0, residual[i] - used);
        }

        foreach (int i in accepted)
        {
            residual[i] = 0;
        }
    }
}
