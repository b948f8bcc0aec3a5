using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Polyad.Decomposition;

/// <summary>What trains, train matrices and rings share: chains of cores whose last rank is the next one's first.</summary>
internal static class Chain
{
    /// <summary>Dense cores that fit together.</summary>
    /// <param name="cores">Of a model.</param>
    /// <param name="order">Modes of a core: its ranks first and last, lengths between.</param>
    /// <param name="closed">Whether the last rank is the first one (a ring); else both are 1.</param>
    /// <param name="name">Of the argument.</param>
    public static IReadOnlyList<Tensor<T>> Checked<T>(IReadOnlyList<Tensor<T>> cores, int order, bool closed, string name)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(cores, name);
        if (typeof(T) != typeof(double) && typeof(T) != typeof(float) && typeof(T) != typeof(Complex))
        {
            throw new NotSupportedException($"Element type {typeof(T).Name} is not supported here; use double, float or Complex.");
        }

        bool fits = cores.Count > 0 && cores.All(c => c is not null && c.Rank == order && c.FlattenedLength > 0);
        for (int k = 0; k < cores.Count && fits; k++)
        {
            nint left = cores[k].Lengths[0], before = k > 0 ? cores[k - 1].Lengths[^1] : closed ? cores[^1].Lengths[^1] : 1;
            fits = left == before && (closed || k < cores.Count - 1 || cores[k].Lengths[^1] == 1);
        }

        return fits ? [.. cores.Select(static c => DenseData.Dense(c))]
            : throw new ArgumentException(
                $"Cores are tensors of order {order}, none empty, each beginning with the rank that the one before ends with, {(closed ? "round the ring" : "the first and last being 1")}; given: "
                + $"{string.Join(", ", cores.Select(static c => c is null ? "null" : DenseData.Text(c.Lengths)))}.",
                name);
    }

    /// <summary>Refuses shapes and inner ranks that do not go together.</summary>
    public static void CheckRanks(ReadOnlySpan<nint> lengths, ReadOnlySpan<int> ranks, string name)
    {
        bool fits = lengths.Length > 0 && ranks.Length == lengths.Length - 1;
        foreach (nint length in lengths)
        {
            fits &= length >= 1;
        }

        foreach (int rank in ranks)
        {
            fits &= rank >= 1;
        }

        if (!fits)
        {
            throw new ArgumentException($"Inner ranks [{string.Join(", ", ranks.ToArray())}] do not fit a shape of {DenseData.Text(lengths)}: one less than its modes, none below 1, no mode empty.", name);
        }
    }

    /// <summary>The number of leading modes whose lengths multiply to about the square root of all.</summary>
    public static int Split(ReadOnlySpan<nint> lengths)
    {
        double half = 0;
        foreach (nint length in lengths)
        {
            half += Math.Log(length) / 2;
        }

        double log = 0;
        int split = 0;
        do
        {
            log += Math.Log(lengths[split++]);
        }
        while (split < lengths.Length - 1 && log + (Math.Log(lengths[split]) / 2) <= half);
        return split;
    }

    /// <summary>The product of cores from .. to - 1: (r_from n_from .. n_(to-1)) x r_to.</summary>
    public static T[] Join<T>(ILinearAlgebraBackend backend, IReadOnlyList<Tensor<T>> cores, int from, int to)
        where T : unmanaged, INumberBase<T>
    {
        T[] product = DenseData.Elements(cores[from]).ToArray();
        for (int k = from + 1; k < to; k++)
        {
            int inner = (int)cores[k].Lengths[0];
            product = FieldAlgebra.Multiply<T>(backend, product, product.Length / inner, inner, DenseData.Elements(cores[k]), (int)(cores[k].FlattenedLength / inner));
        }

        return product;
    }

    /// <summary>A row times the slice of a core at an index.</summary>
    public static T[] Step<T>(ReadOnlySpan<T> row, Tensor<T> core, int index)
        where T : unmanaged, INumberBase<T>
    {
        int length = (int)core.Lengths[1], right = (int)core.Lengths[^1];
        ReadOnlySpan<T> elements = DenseData.Elements(core);
        T[] next = new T[right];
        for (int a = 0; a < row.Length; a++)
        {
            TensorPrimitives.MultiplyAdd(elements.Slice(((a * length) + index) * right, right), row[a], next, next);
        }

        return next;
    }

    /// <summary>A row times a matrix of <paramref name="columns"/> columns.</summary>
    public static T[] Row<T>(ReadOnlySpan<T> row, ReadOnlySpan<T> matrix, int columns)
        where T : unmanaged, INumberBase<T>
    {
        T[] next = new T[columns];
        for (int a = 0; a < row.Length; a++)
        {
            TensorPrimitives.MultiplyAdd(matrix.Slice(a * columns, columns), row[a], next, next);
        }

        return next;
    }

    /// <summary>The sum over the index of a core with weights: left x right.</summary>
    public static T[] WeightedSum<T>(Tensor<T> core, ReadOnlySpan<T> weights)
        where T : unmanaged, INumberBase<T>
    {
        int left = (int)core.Lengths[0], length = (int)core.Lengths[1], right = (int)core.Lengths[^1];
        ReadOnlySpan<T> elements = DenseData.Elements(core);
        T[] sum = new T[left * right];
        for (int a = 0; a < left; a++)
        {
            Span<T> line = sum.AsSpan(a * right, right);
            for (int i = 0; i < length; i++)
            {
                TensorPrimitives.MultiplyAdd(elements.Slice(((a * length) + i) * right, right), weights[i], line, line);
            }
        }

        return sum;
    }

    /// <summary>sum over i of conj(A[a, i, a']) B[b, i, b'] as a matrix with rows (a, b) and columns (a', b').</summary>
    public static T[] Transfer<T>(ILinearAlgebraBackend backend, Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        nint al = a.Lengths[0], ar = a.Lengths[2], bl = b.Lengths[0], br = b.Lengths[2];
        int length = (int)a.Lengths[1];
        ReadOnlySpan<T> x = DenseData.Elements(TensorAlgebra.Permute(a, [1, 0, 2])), y = DenseData.Elements(TensorAlgebra.Permute(b, [1, 0, 2]));
        T[] product = FieldAlgebra.Multiply(backend, x, (int)(al * ar), length, y, (int)(bl * br), adjointA: true);
        return DenseData.Elements(TensorAlgebra.Permute(Tensor.Create(product, [al, ar, bl, br]), [0, 2, 1, 3])).ToArray();
    }

    /// <summary>Refuses indices that are not whole multi-indices within the lengths.</summary>
    public static void CheckIndices(ReadOnlySpan<nint> lengths, ReadOnlySpan<int> indices)
    {
        int order = lengths.Length;
        if (indices.Length % order != 0 || indices.Length == 0)
        {
            throw new ArgumentException($"An element of a model of shape {DenseData.Text(lengths)} has {order} indices; {indices.Length} were given.", nameof(indices));
        }

        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)lengths[i % order])
            {
                throw new ArgumentOutOfRangeException(nameof(indices), indices[i], $"Index {indices[i]} is outside mode {i % order} of a model of shape {DenseData.Text(lengths)}.");
            }
        }
    }

    /// <summary>The core of a sum: A and B side by side in a block-diagonal slice for each index; where the rank is 1 for both they share the end.</summary>
    public static Tensor<T> DirectSum<T>(Tensor<T> a, Tensor<T> b, bool joinLeft, bool joinRight)
        where T : unmanaged, INumberBase<T>
    {
        int al = (int)a.Lengths[0], ar = (int)a.Lengths[^1], bl = (int)b.Lengths[0], br = (int)b.Lengths[^1], length = (int)a.Lengths[1];
        int left = joinLeft ? al : al + bl, right = joinRight ? ar : ar + br;
        T[] sum = new T[left * length * right];
        Place(DenseData.Elements(a), al, ar, 0, 0);
        Place(DenseData.Elements(b), bl, br, joinLeft ? 0 : al, joinRight ? 0 : ar);
        return Tensor.Create(sum, [left, length, right]);

        void Place(ReadOnlySpan<T> core, int rows, int columns, int top, int first)
        {
            for (int r = 0; r < rows; r++)
            {
                for (int i = 0; i < length; i++)
                {
                    Span<T> target = sum.AsSpan(((((top + r) * length) + i) * right) + first, columns);
                    TensorPrimitives.Add(target, core.Slice(((r * length) + i) * columns, columns), target);
                }
            }
        }
    }

    /// <summary>The core of an element by element product: the Kronecker product of the slices for each index.</summary>
    public static Tensor<T> SliceKronecker<T>(Tensor<T> a, Tensor<T> b)
        where T : unmanaged, INumberBase<T>
    {
        int al = (int)a.Lengths[0], ar = (int)a.Lengths[^1], bl = (int)b.Lengths[0], br = (int)b.Lengths[^1], length = (int)a.Lengths[1];
        ReadOnlySpan<T> x = DenseData.Elements(a), y = DenseData.Elements(b);
        T[] product = new T[al * bl * length * ar * br];
        for (int p = 0; p < al; p++)
        {
            for (int q = 0; q < bl; q++)
            {
                for (int i = 0; i < length; i++)
                {
                    ReadOnlySpan<T> rowOfB = y.Slice(((q * length) + i) * br, br);
                    for (int c = 0; c < ar; c++)
                    {
                        TensorPrimitives.Multiply(rowOfB, x[(((p * length) + i) * ar) + c], product.AsSpan((((((((p * bl) + q) * length) + i) * ar) + c) * br), br));
                    }
                }
            }
        }

        return Tensor.Create(product, [al * bl, length, ar * br]);
    }

    /// <summary>Normal numbers; of a complex type, parts of half the variance.</summary>
    public static Tensor<T> Normal<T>(CounterRandom random, ReadOnlySpan<nint> lengths, double deviation)
        where T : unmanaged, INumberBase<T>
    {
        T[] elements = new T[DenseData.Product(lengths)];
        if (typeof(T) == typeof(Complex))
        {
            random.Normal(MemoryMarshal.Cast<T, double>(elements.AsSpan()), 0, deviation / Math.Sqrt(2));
        }
        else
        {
            random.Normal(elements, T.Zero, T.CreateTruncating(deviation));
        }

        return Tensor.Create(elements, lengths);
    }

    /// <summary>Arrays <c>core_0</c>, <c>core_1</c>, ..</summary>
    public static void AddTo<T>(ModelArchive archive, IReadOnlyList<Tensor<T>> cores)
        where T : unmanaged, INumberBase<T>
    {
        for (int k = 0; k < cores.Count; k++)
        {
            archive.Add($"core_{k}", cores[k]);
        }
    }

    /// <exception cref="InvalidDataException">The arrays are missing or do not make a chain.</exception>
    public static IReadOnlyList<Tensor<T>> Of<T>(ModelArchive archive, int order, bool closed)
        where T : unmanaged, INumberBase<T>
    {
        List<Tensor<T>> cores = [];
        while (archive.Contains($"core_{cores.Count}"))
        {
            cores.Add(archive.Read<T>($"core_{cores.Count}", order));
        }

        try
        {
            return Checked(cores, order, closed, "cores");
        }
        catch (ArgumentException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }
}
