using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>||W^(1/2) (X - M)|| / ||W^(1/2) X|| of a Tucker model, from the differences, and what imputation makes of X.</summary>
internal static unsafe class TuckerWeightedError
{
    private const int Part = 1 << 14;

    /// <param name="tensor">The weights.</param>
    /// <param name="values">X, 0 where nothing was seen.</param>
    /// <param name="norm">||W^(1/2) X||.</param>
    /// <param name="state">The model M.</param>
    /// <param name="backend">The engine.</param>
    /// <param name="filled">To be overwritten with W X + (1 - W) M; or empty.</param>
    public static double Relative<T>(IncompleteTensor<T> tensor, Tensor<T> values, double norm, TuckerState<T> state, ILinearAlgebraBackend backend, Span<T> filled)
        where T : unmanaged, INumberBase<T>
    {
        fixed (T* core = DenseData.Elements(state.Core), target = filled)
        {
            using TensorBlock<T> g = new(core, state.Core.Lengths.ToArray());
            TensorBlock<T> model = g.Products(backend, state.Factors, transpose: false);
            nint formed = (nint)model.Data, copy = filled.IsEmpty ? 0 : (nint)target;
            int count = model.Count, parts = (count + Part - 1) / Part;
            double[] sums = new double[parts];
            SlabLoop.Run(parts, backend.Parallelism.Min(Parallelism.Current).ThreadsForBytes(4L * count * sizeof(T)), part =>
            {
                int from = part * Part, length = Math.Min(Part, count - from);
                Span<T> m = new((T*)formed + from, length);
                ReadOnlySpan<T> x = DenseData.Elements(values).Slice(from, length), w = DenseData.Elements(tensor.Weights).Slice(from, length);
                using Scratch<T> scratch = Workspace.Rent<T>(length);

                // d = m - x; the weighted square of d / norm; and w x + (1 - w) m = m - w d.
                TensorPrimitives.Subtract(m, x, scratch.Span);
                if (copy != 0)
                {
                    Span<T> y = new((T*)copy + from, length);
                    TensorPrimitives.Multiply(scratch.Span, w, y);
                    TensorPrimitives.Subtract(m, y, y);
                }

                TensorPrimitives.Divide(scratch.Span, T.CreateTruncating(norm), scratch.Span);
                TensorPrimitives.Multiply(scratch.Span, scratch.Span, scratch.Span);
                sums[part] = double.CreateTruncating(TensorPrimitives.Dot(scratch.Span, w));
            });
            g.Release(model);
            return Math.Sqrt(sums.Sum());
        }
    }
}
