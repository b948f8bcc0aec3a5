using System.Numerics;
using System.Numerics.Tensors;
using Polyad.Decomposition;
using Polyad.IO;

namespace Polyad.Cli.Decompose;

/// <summary>
/// What a fit starts from, as <c>--init FILE</c>: an .npz file that <c>--out</c> wrote, or any other with the same array names. CP: <c>factor_n</c> (I_n x R) for every mode, and <c>weights</c> (R) if there are any; the
/// <c>arr_n</c> of <c>numpy.savez(file, *factors)</c> are as good. Tucker: <c>factor_n</c> (I_n x r_n), and <c>core</c>. Ring: <c>core_n</c> (r_n x I_n x r_(n+1)).
/// </summary>
internal sealed class StartFile(string path)
{
    private const string Extension = ".npz", Factor = "factor_", Unnamed = "arr_";

    /// <summary>Whether the value of --init is a file and not a word.</summary>
    public static bool IsMeant(string start) => start.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>A CP model of a tensor of the given lengths; weights are 1 where the file has none.</summary>
    /// <exception cref="UsageException">The model does not fit.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or arrays are missing.</exception>
    public CpTensor<T> Cp<T>(ReadOnlySpan<nint> lengths)
        where T : unmanaged, INumberBase<T>
    {
        using NpzFile file = Open();
        string prefix = Contains(file, Factor + 0) || !Contains(file, Unnamed + 0) ? Factor : Unnamed;
        Tensor<T>[] factors = [.. Enumerable.Range(0, lengths.Length).Select(n => Matrix<T>(file, prefix + n))];
        RefuseMore(file, prefix + lengths.Length, lengths);
        for (int n = 0; n < factors.Length; n++)
        {
            CheckRows(factors[n], prefix + n, n, lengths);
            if (factors[n].Lengths[1] != factors[0].Lengths[1])
            {
                throw Misfit($"'{prefix}0' has {factors[0].Lengths[1]} columns and '{prefix}{n}' has {factors[n].Lengths[1]}; a CP model has as many in every mode");
            }
        }

        int columns = (int)factors[0].Lengths[1];
        Tensor<T> weights = Contains(file, "weights") ? Read<T>(file, "weights") : Tensor.Create([.. Enumerable.Repeat(T.One, columns)], [columns]);
        return weights.Rank == 1 && weights.FlattenedLength == columns ? new CpTensor<T>(weights, factors)
            : throw Misfit($"'weights' has shape {Shape(weights)}; there are {columns} components");
    }

    /// <summary>Tucker factors of a tensor of the given lengths, and the modes that they are of: those named, or all that the file has factors for.</summary>
    /// <inheritdoc cref="Cp{T}" path="/exception"/>
    public (int[] Modes, Tensor<T>[] Factors) TuckerFactors<T>(ReadOnlySpan<nint> lengths, int[]? modes)
        where T : unmanaged, INumberBase<T>
    {
        using NpzFile file = Open();
        return TuckerFactors<T>(file, lengths, modes);
    }

    /// <summary>A Tucker model with a factor for each mode.</summary>
    /// <inheritdoc cref="Cp{T}" path="/exception"/>
    public TuckerTensor<T> Tucker<T>(ReadOnlySpan<nint> lengths)
        where T : unmanaged, INumberBase<T>
    {
        using NpzFile file = Open();
        Tensor<T>[] factors = TuckerFactors<T>(file, lengths, [.. Enumerable.Range(0, lengths.Length)]).Factors;
        Tensor<T> core = Read<T>(file, "core");
        return core.Rank == factors.Length && core.Lengths.ToArray().Zip(factors, static (r, factor) => r == factor.Lengths[1]).All(static fits => fits) ? new TuckerTensor<T>(core, factors)
            : throw Misfit($"'core' has shape {Shape(core)}; the factors have {string.Join(", ", factors.Select(static f => f.Lengths[1]))} columns");
    }

    /// <summary>A ring of cores for a tensor of the given lengths.</summary>
    /// <inheritdoc cref="Cp{T}" path="/exception"/>
    public TrTensor<T> Ring<T>(ReadOnlySpan<nint> lengths)
        where T : unmanaged, INumberBase<T>
    {
        using NpzFile file = Open();
        Tensor<T>[] cores = [.. Enumerable.Range(0, lengths.Length).Select(n => Read<T>(file, $"core_{n}"))];
        RefuseMore(file, $"core_{lengths.Length}", lengths);
        for (int n = 0; n < cores.Length; n++)
        {
            Tensor<T> core = cores[n], next = cores[(n + 1) % cores.Length];
            if (core.Rank != 3 || next.Rank != 3 || core.Lengths[1] != lengths[n] || core.Lengths[2] != next.Lengths[0] || core.Lengths[0] == 0)
            {
                throw Misfit($"'core_{n}' has shape {Shape(core)} and the one after it {Shape(next)}; mode {n} has length {lengths[n]}, and cores are r_n x I_n x r_(n+1)");
            }
        }

        return new TrTensor<T>(cores);
    }

    /// <summary>Refuses a model of other ranks than --rank says; null when it says nothing.</summary>
    public void Require(IEnumerable<int> ranks, int[]? asked)
    {
        if (asked is not null && !ranks.SequenceEqual(asked))
        {
            throw Misfit($"the model has rank {string.Join(",", ranks)}; --rank asks for {string.Join(",", asked)}");
        }
    }

    private (int[] Modes, Tensor<T>[] Factors) TuckerFactors<T>(NpzFile file, ReadOnlySpan<nint> lengths, int[]? modes)
        where T : unmanaged, INumberBase<T>
    {
        RefuseMore(file, Factor + lengths.Length, lengths);
        int[] held = modes ?? [.. Enumerable.Range(0, lengths.Length).Where(n => Contains(file, Factor + n))];
        if (held.Length == 0)
        {
            throw Misfit($"there is no '{Factor}n'; the file holds {string.Join(", ", file.Names)}");
        }

        Tensor<T>[] factors = [.. held.Select(n => Matrix<T>(file, Factor + n))];
        for (int k = 0; k < held.Length; k++)
        {
            CheckRows(factors[k], Factor + held[k], held[k], lengths);
        }

        return (held, factors);
    }

    private NpzFile Open() => File.Exists(path) ? NpzFile.Open(path) : throw new UsageException($"--init: there is no file '{path}'.");

    private static bool Contains(NpzFile file, string name) => file.Names.Contains(name);

    private Tensor<T> Matrix<T>(NpzFile file, string name)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> matrix = Read<T>(file, name);
        return matrix.Rank == 2 && matrix.FlattenedLength > 0 ? matrix : throw Misfit($"'{name}' has shape {Shape(matrix)}; a factor is a matrix, I_n x R");
    }

    private Tensor<T> Read<T>(NpzFile file, string name)
        where T : unmanaged, INumberBase<T>
    {
        Tensor<T> array = Contains(file, name) ? file.Read<T>(name) : throw new InvalidDataException($"--init {path}: the array '{name}' is missing; the file holds {string.Join(", ", file.Names)}.");
        return array.ToArray().All(T.IsFinite) ? array : throw new InvalidDataException($"--init {path}: the array '{name}' holds NaN or infinity.");
    }

    private void RefuseMore(NpzFile file, string name, ReadOnlySpan<nint> lengths)
    {
        if (Contains(file, name))
        {
            throw Misfit($"there is '{name}'; the tensor has {lengths.Length} modes, from 0");
        }
    }

    private void CheckRows<T>(Tensor<T> factor, string name, int mode, ReadOnlySpan<nint> lengths)
        where T : unmanaged, INumberBase<T>
    {
        if (factor.Lengths[0] != lengths[mode])
        {
            throw Misfit($"'{name}' has shape {Shape(factor)}; mode {mode} of the tensor has length {lengths[mode]}");
        }
    }

    private UsageException Misfit(string what) => new($"--init {path}: {what}.");

    private static string Shape<T>(Tensor<T> array) => string.Join(" x ", array.Lengths.ToArray());
}
