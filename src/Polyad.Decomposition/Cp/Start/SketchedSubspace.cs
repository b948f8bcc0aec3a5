using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>
/// Leading left singular vectors of all unfoldings by sketching: X_(n) times a Khatri-Rao product of normal draws spans nearly the leading subspace (Halko, Martinsson, Tropp 2011); X projected on
/// all these subspaces is a small core, whose own singular vectors turn the bases (a Rayleigh-Ritz step).
/// </summary>
internal static class SketchedSubspace
{
    /// <summary>Columns beyond the rank.</summary>
    private const int Oversampling = 10;

    /// <summary>For each mode at most <paramref name="rank"/> orthonormal columns, the leading one first.</summary>
    public static Tensor<T>[] OfAllModes<T>(DenseInput<T> input, int rank, CounterRandom draws, ILinearAlgebraBackend backend)
        where T : unmanaged, INumberBase<T>
    {
        int width = rank + Oversampling;

        // Streams apart from those of the missing columns.
        Tensor<T>[] sketches = RandomFactors.Draw<T>(input.Lengths, width, draws.WithStream(draws.Stream + 500)), bases = new Tensor<T>[input.Order];
        using DimensionTree<T> tree = new(input.Tensor, width, backend);
        tree.Sweep(sketches, (mode, product) => bases[mode] = Orthonormal(backend, product));
        Tensor<T> core = input.Tensor;
        for (int n = 0; n < input.Order; n++)
        {
            core = Project(backend, core, bases[n], n);
        }

        for (int n = 0; n < input.Order; n++)
        {
            int columns = Math.Min(rank, (int)bases[n].Lengths[1]);
            Tensor<T> turn = typeof(T) == typeof(Complex)
                ? HermitianGram.Leading(backend, core, n, columns)
                : LeadingSubspace.Of(backend, core, n, SubspaceMethod.Gram, columns);
            bases[n] = FieldProducts.MatMul(backend, bases[n], turn);
        }

        return bases;
    }

    /// <summary>An orthonormal basis of the columns: as many as rows or columns.</summary>
    private static Tensor<T> Orthonormal<T>(ILinearAlgebraBackend backend, Tensor<T> matrix)
        where T : unmanaged, INumberBase<T>
    {
        int rows = (int)matrix.Lengths[0], columns = (int)matrix.Lengths[1], rank = Math.Min(rows, columns);
        if (typeof(T) == typeof(Complex))
        {
            return HermitianGram.Leading(backend, matrix, 0, rank);
        }

        Tensor<T> q = FreshMemory.Zeros<T>([rows, rank]), r = FreshMemory.Zeros<T>([rank, columns]);
        backend.Qr(matrix.AsReadOnlyMatrix(), q.AsMatrix(), r.AsMatrix());
        return q;
    }

    /// <summary>X x_n Q^H</summary>
    private static Tensor<T> Project<T>(ILinearAlgebraBackend backend, Tensor<T> x, Tensor<T> q, int mode)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) != typeof(Complex))
        {
            return TensorAlgebra.MultiModeProduct(x, [.. Enumerable.Range(0, x.Rank).Select(n => n == mode ? q : null)], transpose: true, backend);
        }

        int left = DenseData.Product(x.Lengths[..mode]), length = (int)x.Lengths[mode], right = DenseData.Product(x.Lengths[(mode + 1)..]), columns = (int)q.Lengths[1];
        nint[] lengths = x.Lengths.ToArray();
        lengths[mode] = columns;
        Tensor<T> result = FreshMemory.Zeros<T>(lengths);
        ReadOnlySpan<Complex> from = MemoryMarshal.Cast<T, Complex>(DenseData.Elements(x)), basis = MemoryMarshal.Cast<T, Complex>(DenseData.Elements(q));
        Span<Complex> to = MemoryMarshal.Cast<T, Complex>(DenseData.Elements(result));
        for (int l = 0; l < left; l++)
        {
            ComplexProducts.Cross(backend, basis, columns, from.Slice(l * length * right, length * right), right, to.Slice(l * columns * right, columns * right));
        }

        return result;
    }
}
