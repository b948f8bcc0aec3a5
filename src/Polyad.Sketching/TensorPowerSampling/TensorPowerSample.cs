using System.Numerics;
using System.Runtime.Intrinsics;

namespace Polyad.Sketching;

/// <summary>
/// Sampled entries of the q-th tensor power of rows, weighted so that the inner product of the features of two rows estimates a polynomial kernel without bias: feature t is a monomial
/// weight_t x[i_1] ... x[i_q]. Made by <see cref="TensorPowerSampler"/>; applies to any rows, also others than it was fitted to.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed unsafe class TensorPowerSample<T> : RowSketch<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int[][] _entries;
    private readonly T[] _weights;
    private readonly int[] _places;
    private readonly int[] _used;
    private readonly int[] _slots;

    /// <summary>A sample of entries with the weights of the power of the homogeneous rows, to which the kernel's gamma and constant are added.</summary>
    internal TensorPowerSample(int inputDimension, PolynomialKernel kernel, int[][] entries, double[] weights, ulong seed)
        : this(inputDimension, kernel, seed, entries, Weighted(inputDimension, kernel, entries, weights))
    {
    }

    private TensorPowerSample(int inputDimension, PolynomialKernel kernel, ulong seed, int[][] entries, T[] weights)
        : base(inputDimension, entries.Length, seed)
    {
        (Kernel, _entries, _weights) = (kernel, entries, weights);

        // Lines hold the coordinates that occur, and a last one of ones for the constant.
        _slots = new int[inputDimension + 1];
        foreach (int[] entry in entries)
        {
            foreach (int coordinate in entry)
            {
                _slots[coordinate] = 1;
            }
        }

        _used = [.. Enumerable.Range(0, inputDimension).Where(i => _slots[i] == 1)];
        Array.Fill(_slots, -1);
        for (int u = 0; u < _used.Length; u++)
        {
            _slots[_used[u]] = u;
        }

        _slots[inputDimension] = _used.Length;
        _places = [.. entries.SelectMany(entry => entry.Select(coordinate => _slots[coordinate]))];
    }

    /// <summary>The kernel that the features estimate.</summary>
    public PolynomialKernel Kernel { get; }

    /// <summary>The coordinates of each feature, ascending; d stands for the kernel's constant.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Entries => _entries;

    /// <summary>What each monomial is multiplied by, the kernel's gamma and constant included.</summary>
    public ReadOnlySpan<T> Weights => _weights;

    /// <summary>The ridge that the sample was drawn for; 0 where it does not come from a fit.</summary>
    public double Ridge { get; internal init; }

    /// <summary>The estimated effective dimension, the trace of K (K + ridge I)^-1.</summary>
    public double EffectiveDimension { get; internal init; }

    /// <summary>How many entries were drawn; equal ones are one feature.</summary>
    public int Draws { get; internal init; }

    internal override void Fill(RowSource<T> rows, MatrixBlock<T> features, ILinearAlgebraBackend backend)
        => LaneBatches.Run(features, 2.0 * _places.Length, (first, count, lines) => Batch(rows, first, count, (T*)lines));

    /// <summary>A sample that was made before: these entries, and their weights as they are.</summary>
    internal static TensorPowerSample<T> Of(int inputDimension, PolynomialKernel kernel, ulong seed, int[][] entries, T[] weights, double ridge, double effectiveDimension, int draws)
        => new(inputDimension, kernel, seed, entries, weights) { Ridge = ridge, EffectiveDimension = effectiveDimension, Draws = draws };

    private static T[] Weighted(int inputDimension, PolynomialKernel kernel, int[][] entries, double[] weights)
    {
        T[] weighted = new T[entries.Length];
        double gamma = Math.Sqrt(kernel.Gamma), constant = Math.Sqrt(kernel.Constant);
        for (int t = 0; t < entries.Length; t++)
        {
            double weight = weights[t];
            foreach (int coordinate in entries[t])
            {
                weight *= coordinate == inputDimension ? constant : gamma;
            }

            weighted[t] = T.CreateTruncating(weight);
        }

        return weighted;
    }

    private void Batch(RowSource<T> rows, int first, int count, T* features)
    {
        int lanes = LaneSketch<T>.Lanes, degree = Kernel.Degree;
        using Scratch<T> scratch = Workspace.Rent<T>((_used.Length + (nint)1) * lanes);
        T* lines = scratch.Pointer;
        scratch.Clear();
        new Span<T>(lines + ((nint)_used.Length * lanes), lanes).Fill(T.One);
        for (int r = 0; r < count; r++)
        {
            if (!rows.IsSparse)
            {
                for (int u = 0; u < _used.Length; u++)
                {
                    lines[((nint)u * lanes) + r] = rows.Dense[first + r, _used[u]];
                }

                continue;
            }

            rows.Row(first + r, out int entries, out int* columns, out T* values);
            for (int p = 0; p < entries; p++)
            {
                if (_slots[columns[p]] is >= 0 and int slot)
                {
                    lines[((nint)slot * lanes) + r] = values[p];
                }
            }
        }

        fixed (int* places = _places)
        {
            int* place = places;
            for (int t = 0; t < _weights.Length; t++)
            {
                Vector512<T> product = Vector512.Create(_weights[t]);
                for (int k = 0; k < degree; k++)
                {
                    product *= Vector512.Load(lines + ((nint)(*place++) * lanes));
                }

                product.Store(features + ((nint)t * lanes));
            }
        }
    }
}
