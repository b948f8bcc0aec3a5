using Polyad.Cli.Compare;

namespace Polyad.Cli.Tune;

/// <summary>One operation in one form, at growing sizes.</summary>
internal sealed record TuningSeries(string Form, IReadOnlyList<Problem> Problems);

/// <summary>What is measured: every operation of the contract, in the forms in which engines differ, at sizes a few powers of two apart.</summary>
internal static class TuningPlan
{
    private const int Rank = 16;
    private const int Elongation = 16;

    private static readonly int[] SquareSizes = [8, 32, 64, 128, 256, 512, 1024];
    private static readonly int[] ShortSides = [4, 16, 32, 64, 128, 256];
    private static readonly int[] VectorSizes = [32, 256, 724, 2048];
    private static readonly int[] TensorSides = [8, 32, 64, 128, 200];

    public static IReadOnlyList<TuningSeries> All { get; } = [.. Products(), .. Matrices(), .. Tensors()];

    private static IEnumerable<TuningSeries> Products()
    {
        yield return Series("gemm", "square", SquareSizes, static n => [n, n, n]);
        yield return Series("gemm", "tall", ShortSides, static n => [Elongation * n, n, n]);
        yield return Series("gemm", "wide", ShortSides, static n => [n, Elongation * n, n]);
        yield return Series("gemm", "deep", ShortSides, static n => [n, n, Elongation * n]);
        yield return Series("gemm", "flat", ShortSides, static n => [8 * n, 8 * n, n]);
        yield return Series("gemm", "vector", VectorSizes, static n => [n, 1, n]);
        yield return Series("gram", "square", SquareSizes, static n => [n, n]);
        yield return Series("gram", "tall", ShortSides, static n => [Elongation * n, n]);
        yield return Series("trsm", "square", SquareSizes, static n => [n, n]);
    }

    private static IEnumerable<TuningSeries> Matrices()
    {
        foreach (string square in new[] { "cholesky", "lu", "qr", "qrr", "eigh", "eigvals", "svd", "svdvals" })
        {
            yield return Series(square, "square", SquareSizes, static n => [n, n]);
        }

        foreach (string rectangle in new[] { "qr", "qrr", "svd", "svdvals" })
        {
            yield return Series(rectangle, "tall", ShortSides, static n => [Elongation * n, n]);
        }

        yield return Series("svd", "wide", ShortSides, static n => [n, Elongation * n]);
    }

    private static IEnumerable<TuningSeries> Tensors()
    {
        foreach (string tensor in new[] { "unfold", "modeproduct", "modegram", "mttkrp" })
        {
            foreach ((string form, int mode) in new[] { ("first mode", 0), ("middle mode", 1), ("last mode", 2) })
            {
                IOperation operation = OperationCatalog.Get(tensor);
                int? rank = operation.Parameters.HasFlag(OperationParameters.Rank) ? Rank : null;
                yield return new TuningSeries(form, [.. TensorSides.Select(n => new Problem(operation, [n, n, n], mode, rank))]);
            }
        }
    }

    private static TuningSeries Series(string operation, string form, int[] sizes, Func<int, int[]> shape)
        => new(form, [.. sizes.Select(n => new Problem(OperationCatalog.Get(operation), shape(n)))]);
}
