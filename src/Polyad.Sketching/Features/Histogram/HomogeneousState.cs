using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// The sampled map of an additive homogeneous kernel, blocks of d columns [sqrt | cos 1 | sin 1 | cos 2 | sin 2 ...]: sqrt(x L kappa(0)), sqrt(2 x L kappa(j L)) cos(j L log x), ... sin(j L log x).
/// Zeros stay zero.
/// </summary>
internal sealed class HomogeneousState<T>(int columns, string name, double interval, double[] densities)
    : FeatureState<T>(columns, checked(columns * ((2 * densities.Length) - 1)))
    where T : unmanaged, INumberBase<T>
{
    public double Interval => interval;

    public static HomogeneousState<T> Create(HomogeneousKernel kernel, string name, int columns, int steps, double interval)
        => new(columns, name, interval, [.. Enumerable.Range(0, steps).Select(j => HomogeneousSpectrum.Density(kernel, j * interval))]);

    /// <summary>x0_sqrt, ..., x0_cos1, ..., x0_sin1, ...: the names that scikit-learn gives.</summary>
    public IReadOnlyList<string> Names
        => [.. Enumerable.Range(0, (2 * densities.Length) - 1).SelectMany(block => Enumerable.Range(0, InputDimension).Select(j => block == 0 ? $"x{j}_sqrt" : $"x{j}_{(block % 2 == 1 ? "cos" : "sin")}{(block + 1) / 2}"))];

    public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
    {
        RowGeometry.CheckAtLeast(x, 0, strictly: false, name, nameof(x));
        int d = InputDimension;
        x.CopyTo(features.Slice(0, 0, x.Rows, d));
        FeatureMatrix.ForEachRow(features, 1, 2 * (nint)d, (_, row, room) =>
        {
            Span<T> root = room[..d], logarithm = room[d..], first = row[..d];
            first.CopyTo(root);
            ElementMath.Sqrt(root);
            for (int j = 0; j < d; j++)
            {
                logarithm[j] = T.IsZero(first[j]) ? T.One : first[j];
            }

            ElementMath.Log(logarithm);
            for (int step = 1; step < densities.Length; step++)
            {
                Span<T> cosines = row.Slice(((2 * step) - 1) * d, d), sines = row.Slice(2 * step * d, d);
                TensorPrimitives.Multiply(logarithm, T.CreateChecked(step * interval), sines);
                SineCosine.Pairs<T>(sines, cosines, sines, T.CreateChecked(Math.Sqrt(2 * interval * densities[step])));
                TensorPrimitives.Multiply<T>(cosines, root, cosines);
                TensorPrimitives.Multiply<T>(sines, root, sines);
            }

            TensorPrimitives.Multiply(root, T.CreateChecked(Math.Sqrt(interval * densities[0])), first);
        });
    }
}
