using System.Numerics;

namespace Polyad.Sketching;

/// <summary>A kind of random matrix, still without shape and seed: how an algorithm is told which sketch to use.</summary>
public abstract record SketchDistribution
{
    private protected SketchDistribution()
    {
    }

    /// <summary>Independent standard normal entries (<see cref="GaussianSketch{T}"/>).</summary>
    public static SketchDistribution Gaussian { get; } = new GaussianKind();

    /// <summary>Independent entries uniform on [-sqrt(3), sqrt(3)] (<see cref="UniformSketch{T}"/>).</summary>
    public static SketchDistribution Uniform { get; } = new UniformKind();

    /// <summary>Independent random signs (<see cref="RademacherSketch{T}"/>).</summary>
    public static SketchDistribution Rademacher { get; } = new RademacherKind();

    /// <summary>The subsampled randomized Hadamard transform (<see cref="SrhtSketch{T}"/>).</summary>
    public static SketchDistribution Srht { get; } = new SrhtKind();

    /// <summary>One signed entry per column (<see cref="SparseJohnsonLindenstrauss{T}"/>).</summary>
    public static SketchDistribution CountSketch { get; } = new SparseJohnsonLindenstraussKind(1);

    /// <summary>Several signed entries per column (<see cref="SparseJohnsonLindenstrauss{T}"/>); as many as there are rows where that is less.</summary>
    /// <param name="nonZeros">At least 1; 8 embeds about as well as normal entries.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public static SketchDistribution SparseJohnsonLindenstrauss(int nonZeros = 8) => new SparseJohnsonLindenstraussKind(AtLeastOne(nonZeros));

    /// <summary>Independent signs with a density (<see cref="SparseSignSketch{T}"/>).</summary>
    /// <param name="density">Above 0 and at most 1; null for 1 / sqrt(n).</param>
    /// <exception cref="ArgumentOutOfRangeException">The density is outside (0, 1].</exception>
    public static SketchDistribution SparseSign(double? density = null)
        => density is { } p && !(p > 0 && p <= 1) ? throw new ArgumentOutOfRangeException(nameof(density), p, "The density must be above 0 and at most 1.") : new SparseSignKind(density);

    /// <summary>Uniform row sampling (<see cref="RowSamplingSketch{T}"/>).</summary>
    /// <param name="replacement">Whether a row may be drawn again.</param>
    public static SketchDistribution RowSampling(bool replacement = true) => new RowSamplingKind(replacement);

    /// <summary>Signed sums of uniformly drawn rows (<see cref="LessSketch{T}"/>).</summary>
    /// <param name="nonZeros">Draws per row, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public static SketchDistribution LessUniform(int nonZeros = 32) => new LessKind(AtLeastOne(nonZeros));

    /// <summary>The sketch of this kind with a shape and a state.</summary>
    /// <param name="rows">D, at least 1.</param>
    /// <param name="columns">n, at least 1.</param>
    /// <param name="state">A seed, or where another sketch ended.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shape does not suit the kind.</exception>
    public abstract SketchOperator<T> Create<T>(int rows, int columns, SketchState state = default)
        where T : unmanaged, INumberBase<T>;

    /// <summary>
    /// A sketch that keeps what n columns of m numbers span, of <paramref name="factor"/> n rows. Where that is m or more it takes the m rows themselves in another order, which loses nothing; another square sketch may
    /// well be singular.
    /// </summary>
    internal SketchOperator<T> Embedding<T>(int m, int n, double factor, SketchState state)
        where T : unmanaged, INumberBase<T>
    {
        int d = (int)Math.Min(m, Math.Ceiling(factor * n));
        return (d == m ? RowSampling(replacement: false) : this).Create<T>(d, m, state);
    }

    private static int AtLeastOne(int nonZeros) => nonZeros >= 1 ? nonZeros : throw new ArgumentOutOfRangeException(nameof(nonZeros), nonZeros, "There must be at least one entry.");

    private sealed record GaussianKind : SketchDistribution
    {
        public override SketchOperator<T> Create<T>(int rows, int columns, SketchState state = default) => new GaussianSketch<T>(rows, columns, state);
    }

    private sealed record UniformKind : SketchDistribution
    {
        public override SketchOperator<T> Create<T>(int rows, int columns, SketchState state = default) => new UniformSketch<T>(rows, columns, state);
    }

    private sealed record RademacherKind : SketchDistribution
    {
        public override SketchOperator<T> Create<T>(int rows, int columns, SketchState state = default) => new RademacherSketch<T>(rows, columns, state);
    }

    private sealed record SrhtKind : SketchDistribution
    {
        public override SketchOperator<T> Create<T>(int rows, int columns, SketchState state = default) => new SrhtSketch<T>(rows, columns, state);
    }

    private sealed record SparseJohnsonLindenstraussKind(int NonZeros) : SketchDistribution
    {
        public override SketchOperator<T> Create<T>(int rows, int columns, SketchState state = default)
            => new SparseJohnsonLindenstrauss<T>(rows, columns, Math.Min(NonZeros, rows), state);
    }

    private sealed record SparseSignKind(double? Density) : SketchDistribution
    {
        public override SketchOperator<T> Create<T>(int rows, int columns, SketchState state = default)
            => new SparseSignSketch<T>(rows, columns, Density ?? 1 / Math.Sqrt(columns), state);
    }

    private sealed record RowSamplingKind(bool Replacement) : SketchDistribution
    {
        public override SketchOperator<T> Create<T>(int rows, int columns, SketchState state = default) => new RowSamplingSketch<T>(rows, columns, Replacement, state);
    }

    private sealed record LessKind(int NonZeros) : SketchDistribution
    {
        public override SketchOperator<T> Create<T>(int rows, int columns, SketchState state = default) => new LessSketch<T>(rows, columns, NonZeros, state);
    }
}
