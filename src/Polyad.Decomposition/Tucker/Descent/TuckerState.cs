using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A Tucker model between two updates: factors, core, and the Gram matrices U^T U of the factors.</summary>
internal sealed class TuckerState<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly ILinearAlgebraBackend _backend;

    /// <param name="factors">One I_n x r_n matrix for each mode; changed by sweeps.</param>
    /// <param name="core">r_0 x r_1 x ...; changed by sweeps.</param>
    /// <param name="backend">The engine.</param>
    public TuckerState(Tensor<T>[] factors, Tensor<T> core, ILinearAlgebraBackend backend)
    {
        _backend = backend;
        Factors = factors;
        Core = core;
        Grams = [.. factors.Select(static f => FreshMemory.Zeros<T>([f.Lengths[1], f.Lengths[1]]))];
        for (int n = 0; n < factors.Length; n++)
        {
            Renew(n);
        }
    }

    public Tensor<T>[] Factors { get; }

    public Tensor<T> Core { get; }

    public Tensor<T>[] Grams { get; }

    public int Order => Factors.Length;

    /// <summary>Factors, then the core.</summary>
    public Tensor<T>[] Blocks => [.. Factors, Core];

    /// <summary>Tells that a factor has changed.</summary>
    public void Renew(int mode) => _backend.Gram(T.One, Factors[mode].AsReadOnlyMatrix().Transpose, T.Zero, Grams[mode].AsMatrix());

    public void AddTo(ModelArchive archive, string prefix)
    {
        archive.Add(prefix + "core", Core);
        for (int n = 0; n < Order; n++)
        {
            archive.Add($"{prefix}factor_{n}", Factors[n]);
        }
    }

    public static TuckerState<T> Of(ModelArchive archive, string prefix, int order, ILinearAlgebraBackend backend)
        => new([.. Enumerable.Range(0, order).Select(n => archive.Read<T>($"{prefix}factor_{n}", 2))], archive.Read<T>(prefix + "core", order), backend);
}
