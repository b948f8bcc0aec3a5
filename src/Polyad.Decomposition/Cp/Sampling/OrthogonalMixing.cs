using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Random signs and an orthonormal discrete cosine transform along every mode, which spread whatever is concentrated in few rows over all of them (CPRAND-MIX: Battaglino, Ballard, Kolda 2018, with
/// a real transform in the place of the Fourier one). The fit of the mixed tensor is that of the tensor with mixed factors.
/// </summary>
internal static class OrthogonalMixing
{
    /// <summary>C D for each mode, I_n x I_n.</summary>
    public static Tensor<T>[] Matrices<T>(ReadOnlySpan<nint> lengths, CounterRandom draws)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T>[] matrices = new Tensor<T>[lengths.Length];
        for (int n = 0; n < lengths.Length; n++)
        {
            int length = (int)lengths[n];
            double[] signs = new double[length];
            draws.WithStream(draws.Stream + (ulong)n).Signs<double>(signs);
            matrices[n] = FreshMemory.Zeros<T>([length, length]);
            Span<T> elements = DenseData.Elements(matrices[n]);
            for (int k = 0; k < length; k++)
            {
                double scale = Math.Sqrt((k == 0 ? 1.0 : 2.0) / length);
                for (int i = 0; i < length; i++)
                {
                    // The angle modulo a full turn, so that it stays exact for long modes.
                    long quarter = ((2L * i) + 1) * k % (4L * length);
                    elements[(k * length) + i] = T.CreateTruncating(scale * signs[i] * Math.Cos(Math.PI * quarter / (2.0 * length)));
                }
            }
        }

        return matrices;
    }

    /// <summary>X x_0 M_0 x_1 M_1 ...; 2 sum(I) prod(I) flops and a tensor of its size.</summary>
    public static Tensor<T> Mix<T>(Tensor<T> tensor, Tensor<T>[] matrices, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
        => DenseData.Dense(TensorAlgebra.MultiModeProduct<T>(tensor, matrices, backend: backend));

    /// <summary>M^T U: the factor of the tensor from that of the mixed one.</summary>
    public static Tensor<T> Restore<T>(Tensor<T> matrix, Tensor<T> factor, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
        => FieldProducts.Cross(backend, matrix, factor);
}
