using System.Numerics;

namespace Polyad.Conformance;

/// <summary>Factorizations of every matrix type, at sizes on both sides of the unblocked code.</summary>
internal static class GalleryCases
{
    private static readonly (int M, int N)[] Shapes = [(3, 3), (10, 16), (16, 10), (40, 40), (73, 41), (41, 73), (130, 67)];

    /// <summary>A Cholesky factor exists of the positive definite types only.</summary>
    public static bool Applies(LinearAlgebraOperation operation, MatrixKind kind)
        => operation != LinearAlgebraOperation.Cholesky || kind is not (MatrixKind.Zero or MatrixKind.RankDeficient or MatrixKind.Random or MatrixKind.Graded or MatrixKind.Ones);

    public static void Run<T>(CaseLog log)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision p = Precision.Of<T>();
        foreach (MatrixKind kind in Enum.GetValues<MatrixKind>().Where(kind => Applies(log.Operation, kind)))
        {
            foreach ((int m, int n) in Shapes)
            {
                bool square = FactorizationCases.IsSquareOnly(log.Operation);
                Dense a = (square
                    ? MatrixGallery.Symmetric(kind, n, p, 17, positive: log.Operation == LinearAlgebraOperation.Cholesky)
                    : MatrixGallery.General(kind, m, n, p, 19)).RoundTo<T>();
                log.Case(kind, square ? $"{n}x{n}" : $"{m}x{n}", () => FactorizationChecks.Check<T>(log, a, Layout.RowMajor, Layout.RowMajor));
            }
        }
    }
}
