using System.Numerics;

namespace Polyad.Conformance;

/// <summary>Factorizations of random matrices in every layout.</summary>
internal static class FactorizationCases
{
    private static readonly (SizeClass Class, int M, int N)[] Rectangles =
    [
        (SizeClass.Empty, 0, 0), (SizeClass.Empty, 0, 3), (SizeClass.Empty, 3, 0), (SizeClass.One, 1, 1), (SizeClass.Prime, 1, 7), (SizeClass.Prime, 7, 1), (SizeClass.Prime, 2, 3), (SizeClass.Prime, 5, 3),
        (SizeClass.Prime, 13, 17), (SizeClass.Prime, 31, 31), (SizeClass.Tall, 241, 11), (SizeClass.Wide, 11, 241), (SizeClass.Large, Precision.Large(317), Precision.Large(307)),
    ];

    private static readonly (SizeClass Class, int M, int N)[] Squares =
    [
        (SizeClass.Empty, 0, 0), (SizeClass.One, 1, 1), (SizeClass.Prime, 2, 2), (SizeClass.Prime, 3, 3), (SizeClass.Prime, 13, 13), (SizeClass.Prime, 41, 41), (SizeClass.Prime, 97, 97), (SizeClass.Large, Precision.Large(307), Precision.Large(307)),
    ];

    /// <summary>Operations on square matrices have no tall and no wide case.</summary>
    public static bool IsSquareOnly(LinearAlgebraOperation operation)
        => operation is LinearAlgebraOperation.Cholesky or LinearAlgebraOperation.SymmetricEigen or LinearAlgebraOperation.SymmetricEigenvalues;

    public static void Run<T>(CaseLog log)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach ((SizeClass size, int m, int n) in IsSquareOnly(log.Operation) ? Squares : Rectangles)
        {
            Dense a = (log.Operation switch
            {
                LinearAlgebraOperation.Cholesky => MatrixGallery.Symmetric(MatrixKind.EvenlySpaced, n, Precision.Of<T>(), 11, positive: true),
                LinearAlgebraOperation.SymmetricEigen or LinearAlgebraOperation.SymmetricEigenvalues => Symmetric(n),
                _ => Dense.Uniform(m, n, 12),
            }).RoundTo<T>();
            foreach (Layout layout in Enum.GetValues<Layout>())
            {
                foreach (Layout target in ProductCases.Targets(layout, size))
                {
                    log.Case(layout, size, $"{m}x{n} into {target}", () => FactorizationChecks.Check<T>(log, a, layout, target));
                }
            }
        }
    }

    private static Dense Symmetric(int n)
    {
        Dense full = Dense.Uniform(n, n, 13);
        return Dense.From(n, n, (i, j) => full[Math.Max(i, j), Math.Min(i, j)]);
    }
}
