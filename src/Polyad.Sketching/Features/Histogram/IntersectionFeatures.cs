using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// The intersection kernel sum min(x, y) by thermometer codes (Maji and Berg 2009): the range [0, max] of a column is cut into cells of width w, and a feature is sqrt(w) times the part of
/// its cell that lies below the entry. Deterministic, d times levels features. Exact for entries in different cells or on their borders; in one cell the kernel is too low by
/// w (min(a, b) - a b) of the cell's parts a and b, at most w / 4 a column.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class IntersectionFeatures<T> : FeatureMap<T, IntersectionFeatures<T>>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Cells for each column, at least 1 (default 16).</summary>
    public int Levels { get; init; } = 16;

    /// <summary>The upper end of every column's range, above 0; null (default) to learn each column's largest entry. Larger entries count as this one.</summary>
    public double? Maximum { get; init; }

    /// <inheritdoc/>
    public override bool IsDataOblivious => Maximum is not null;

    /// <inheritdoc/>
    protected override FeatureState<T> FitCore(in FeatureRows<T> x, in FitContext context) => PartialFitCore(null, x, context);

    /// <inheritdoc/>
    protected override FeatureState<T> PartialFitCore(FeatureState<T>? previous, in FeatureRows<T> x, in FitContext context)
    {
        Hyperparameter.AtLeast(Levels, 1);
        RowGeometry.CheckAtLeast(x, 0, strictly: false, nameof(IntersectionFeatures<T>), nameof(x));
        if (Maximum is { } given)
        {
            Hyperparameter.Positive(given, nameof(Maximum));
            return new ThermometerState([.. Enumerable.Repeat(given, x.Columns)], Levels);
        }

        double[] maxima = previous is ThermometerState state ? [.. state.Maxima] : new double[x.Columns];
        using DenseRow<T> row = new(x.Columns);
        for (int i = 0; i < x.Rows; i++)
        {
            ReadOnlySpan<T> values = row.Of(x, i);
            for (int j = 0; j < maxima.Length; j++)
            {
                maxima[j] = Math.Max(maxima[j], double.CreateChecked(values[j]));
            }
        }

        return new ThermometerState(maxima, Levels);
    }

    /// <inheritdoc/>
    protected internal override void Write(FeatureMapWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Kind(FeatureMapKinds.Intersection);
        writer.Set("levels", Levels);
        writer.Set("maximum", Maximum);
        writer.Add<double>("maxima", ((ThermometerState)State).Maxima);
    }

    internal static FeatureMap<T> Read(FeatureMapReader reader)
    {
        IntersectionFeatures<T> map = new() { Levels = reader.WholeNumber("levels", 1), Maximum = reader.OptionalNumber("maximum", 0) };
        double[] maxima = reader.Vector<double>("maxima", -1);
        return maxima.All(static m => m >= 0) ? map.Restore(new ThermometerState(maxima, map.Levels)) : throw reader.Wrong("a column's maximum is negative");
    }

    private sealed class ThermometerState(double[] maxima, int levels) : FeatureState<T>(maxima.Length, checked(maxima.Length * levels))
    {
        public double[] Maxima => maxima;

        public override void Transform(in FeatureRows<T> x, in MatrixView<T> features, ILinearAlgebraBackend backend)
        {
            RowGeometry.CheckAtLeast(x, 0, strictly: false, nameof(IntersectionFeatures<T>), nameof(x));
            int d = InputDimension;
            x.CopyTo(features.Slice(0, 0, x.Rows, d));
            FeatureMatrix.ForEachRow(features, 1, (_, row) =>
            {
                // Last columns first: their features lie behind the entries that are still to be read.
                for (int j = d - 1; j >= 0; j--)
                {
                    Span<T> cells = row.Slice(j * levels, levels);
                    double width = maxima[j] / levels, height = Math.Min(double.CreateChecked(row[j]), maxima[j]) / (width > 0 ? width : 1), root = Math.Sqrt(width);
                    for (int level = 0; level < levels; level++)
                    {
                        cells[level] = T.CreateTruncating(root * Math.Clamp(height - level, 0, 1));
                    }
                }
            });
        }
    }
}
