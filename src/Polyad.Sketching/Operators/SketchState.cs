namespace Polyad.Sketching;

/// <summary>
/// Where the draws of a sketch begin: a seed and a position among its streams. A sketch is a pure function of (distribution, shape, state), and the state after it
/// (<see cref="SketchOperator{T}.NextState"/>) is known without drawing anything. States are values: no operation changes one.
/// </summary>
/// <param name="Seed">The key of the generator.</param>
/// <param name="Stream">The first stream that the sketch may use, 0 unless it follows another sketch; below 2^55. Streams of different distributions never meet, nor do they meet those that
/// <see cref="CounterRandom"/> uses below 2^63.</param>
public readonly record struct SketchState(ulong Seed, ulong Stream = 0)
{
    /// <summary>The state with stream 0 of a seed.</summary>
    public static implicit operator SketchState(ulong seed) => new(seed);

    /// <summary>The state with stream 0 of a seed.</summary>
    public static SketchState FromUInt64(ulong seed) => new(seed);

    /// <summary>The state so many streams later.</summary>
    internal SketchState Skip(ulong streams) => this with { Stream = Stream + streams };

    /// <summary>The numbers of one stream of a distribution, counted from the first of this state.</summary>
    internal CounterRandom Draws(StreamFamily family, ulong stream) => new(Seed, (1UL << 63) | ((ulong)family << 55) | (Stream + stream));
}

/// <summary>Each distribution has its own streams, so that two sketches of one seed share no bit.</summary>
internal enum StreamFamily
{
    Gaussian,
    Uniform,
    Rademacher,
    ComplexGaussian,
    ComplexRademacher,
    Sjlt,
    SparseSign,
    RowSampling,
    Less,
    Hadamard,
    Fourier,
}
