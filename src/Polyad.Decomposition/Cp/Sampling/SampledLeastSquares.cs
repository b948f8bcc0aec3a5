using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>The least-squares problem of one mode on sampled rows: fibres of the tensor against rows of the Khatri-Rao product, weighted.</summary>
internal sealed class SampledLeastSquares<T>(Tensor<T> tensor, int rank, ILinearAlgebraBackend backend)
    where T : unmanaged, INumberBase<T>
{
    private readonly nint[] _lengths = tensor.Lengths.ToArray();
    private readonly nint[] _strides = Strides(tensor.Lengths);

    /// <summary>Overwrites the factor of a mode with the solution; the state is then to be normalised.</summary>
    public void Solve(CpState<T> state, int mode, SampledRows rows)
    {
        // sqrt(w) Z and sqrt(w) X_s: the normal matrix and the right side are their inner products.
        int length = (int)_lengths[mode], order = _lengths.Length;
        Tensor<T> z = Tensor.CreateFromShape<T>([rows.Count, rank]), fibres = Tensor.CreateFromShape<T>([rows.Count, length]);
        Span<T> zs = DenseData.Elements(z), xs = DenseData.Elements(fibres);
        ReadOnlySpan<T> x = DenseData.Elements(tensor);
        for (int s = 0; s < rows.Count; s++)
        {
            Span<T> line = zs.Slice(s * rank, rank), fibre = xs.Slice(s * length, length);
            T root = T.CreateTruncating(Math.Sqrt(rows.Weights[s]));
            line.Fill(root);
            nint origin = 0;
            for (int k = 0; k < order; k++)
            {
                int i = rows.Indices[(s * order) + k];
                origin += i * _strides[k];
                if (k != mode)
                {
                    TensorPrimitives.Multiply(line, DenseData.Elements(state.Factors[k]).Slice(i * rank, rank), line);
                }
            }

            int stride = (int)_strides[mode], at = (int)origin;
            for (int i = 0; i < length; i++, at += stride)
            {
                fibre[i] = x[at] * root;
            }
        }

        Tensor<T> normal = FieldProducts.Cross(backend, z, z), right = FieldProducts.Cross(backend, z, fibres);
        Span<T> matrix = DenseData.Elements(normal);
        for (int i = 0; i < matrix.Length && typeof(T) == typeof(Complex); i++)
        {
            matrix[i] = Scalar.Conjugate(matrix[i]);
        }

        right.AsReadOnlyMatrix().Transpose.CopyTo(state.Factors[mode].AsMatrix());
        NormalEquations.Solve(backend, normal, state.Factors[mode]);
    }

    private static nint[] Strides(ReadOnlySpan<nint> lengths)
    {
        nint[] strides = new nint[lengths.Length];
        nint next = 1;
        for (int k = lengths.Length - 1; k >= 0; next *= lengths[k], k--)
        {
            strides[k] = next;
        }

        return strides;
    }
}
