using System.Numerics;

namespace Polyad.Conformance;

/// <summary>Products and triangular solves against their definitions, in every layout.</summary>
internal static class ProductCases
{
    private static readonly Layout[] AllLayouts = Enum.GetValues<Layout>();

    /// <summary>(m, n, k) by class; the large one passes every cache block of a blocked product.</summary>
    private static readonly (SizeClass Class, int M, int N, int K)[] Sizes =
    [
        (SizeClass.Empty, 0, 3, 2), (SizeClass.Empty, 3, 0, 2), (SizeClass.Empty, 3, 2, 0), (SizeClass.One, 1, 1, 1), (SizeClass.Prime, 7, 5, 3), (SizeClass.Prime, 13, 31, 17),
        (SizeClass.Prime, 1, 29, 23), (SizeClass.Prime, 29, 1, 23), (SizeClass.Prime, 11, 13, 1), (SizeClass.Tall, 401, 7, 19), (SizeClass.Wide, 7, 401, 19), (SizeClass.Wide, 5, 7, 701),
        (SizeClass.Large, Precision.Large(307), Precision.Large(311), 523),
    ];

    public static void MatMul<T>(CaseLog log)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision p = Precision.Of<T>();
        foreach ((SizeClass size, int m, int n, int k) in Sizes)
        {
            Dense a = Dense.Uniform(m, k, 1).RoundTo<T>(), b = Dense.Uniform(k, n, 2).RoundTo<T>(), c = Dense.Uniform(m, n, 3).RoundTo<T>();
            Dense product = Reference.Multiply(a, b), magnitude = Reference.Multiply(a.Abs(), b.Abs());
            foreach (Layout layout in AllLayouts)
            {
                foreach (Layout target in Targets(layout, size))
                {
                    log.Case(layout, size, $"{m}x{k} by {k}x{n} into {target}", () =>
                    {
                        LayoutedMatrix<T> av = LayoutedMatrix<T>.Of(a, layout), bv = LayoutedMatrix<T>.Of(b, layout), fresh = new LayoutedMatrix<T>(m, n, target).Remember();
                        log.Engine.MatMul<T>(T.One, av.View, bv.View, T.Zero, fresh.View);
                        Reference.AssertWithin(fresh.ToDense(), product, magnitude, k, p.Ulp, p.Tiny);
                        fresh.AssertOutsideUntouched("c");

                        LayoutedMatrix<T> added = LayoutedMatrix<T>.Of(c, target);
                        log.Engine.MatMul<T>(T.CreateChecked(-0.5), av.View, bv.View, T.CreateChecked(2), added.View);
                        Reference.AssertWithin(added.ToDense(), Reference.Combine(-0.5, product, 2, c), Reference.Combine(0.5, magnitude, 2, c.Abs()), k, p.Ulp, p.Tiny);
                        added.AssertOutsideUntouched("c");
                        av.AssertUnchanged("a");
                        bv.AssertUnchanged("b");
                    });
                }
            }
        }
    }

    public static void Gram<T>(CaseLog log)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision p = Precision.Of<T>();
        (SizeClass, int, int)[] sizes =
        [
            (SizeClass.Empty, 0, 3), (SizeClass.Empty, 3, 0), (SizeClass.One, 1, 1), (SizeClass.Prime, 5, 3), (SizeClass.Prime, 17, 31), (SizeClass.Tall, 211, 7), (SizeClass.Wide, 7, 601), (SizeClass.Large, Precision.Large(331), 521),
        ];
        foreach ((SizeClass size, int m, int k) in sizes)
        {
            Dense a = Dense.Uniform(m, k, 4).RoundTo<T>(), c = Dense.Uniform(m, m, 5).RoundTo<T>();
            Dense symmetric = Dense.From(m, m, (i, j) => c[Math.Max(i, j), Math.Min(i, j)]);
            Dense product = Reference.Multiply(a, a.Transpose()), magnitude = Reference.Multiply(a.Abs(), a.Transpose().Abs());
            foreach (Layout layout in AllLayouts)
            {
                foreach (Layout target in Targets(layout, size))
                {
                    log.Case(layout, size, $"{m}x{k} into {target}", () =>
                    {
                        LayoutedMatrix<T> av = LayoutedMatrix<T>.Of(a, layout), fresh = new LayoutedMatrix<T>(m, m, target).Remember();
                        log.Engine.Gram<T>(T.One, av.View, T.Zero, fresh.View);
                        Reference.AssertWithin(fresh.ToDense(), product, magnitude, k, p.Ulp, p.Tiny);
                        Reference.AssertSymmetric(fresh.ToDense());
                        fresh.AssertOutsideUntouched("c");

                        LayoutedMatrix<T> added = new(m, m, target);
                        added.Set((i, j) => j > i ? double.NaN : c[i, j]);
                        log.Engine.Gram<T>(T.CreateChecked(-0.5), av.View, T.CreateChecked(2), added.View);
                        Reference.AssertWithin(added.ToDense(), Reference.Combine(-0.5, product, 2, symmetric), Reference.Combine(0.5, magnitude, 2, symmetric.Abs()), k, p.Ulp, p.Tiny);
                        Reference.AssertSymmetric(added.ToDense());
                        av.AssertUnchanged("a");
                    });
                }
            }
        }
    }

    public static void TriangularSolve<T>(CaseLog log)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double ulp = Precision.Of<T>().Ulp;
        (SizeClass, int, int)[] sizes =
        [
            (SizeClass.Empty, 0, 3), (SizeClass.Empty, 3, 0), (SizeClass.One, 1, 1), (SizeClass.Prime, 5, 3), (SizeClass.Prime, 31, 17), (SizeClass.Prime, 37, 1), (SizeClass.Tall, 223, 5), (SizeClass.Wide, 13, 401),
            (SizeClass.Large, Precision.Large(311), Precision.Large(307)),
        ];
        foreach ((SizeClass size, int n, int k) in sizes)
        {
            // Small off-diagonal entries: a random triangle would be singular to working precision from n = 100 on.
            Dense full = Dense.Uniform(n, n, 6), b = Dense.Uniform(n, k, 7).RoundTo<T>();
            foreach (Triangle triangle in Enum.GetValues<Triangle>())
            {
                Dense a = Dense.From(n, n, (i, j) => i == j ? 1.5 + full[i, j] : (triangle == Triangle.Lower ? j < i : j > i) ? full[i, j] * 4 / n : 0).RoundTo<T>();
                foreach (Layout layout in AllLayouts)
                {
                    foreach (Layout target in Targets(layout, size))
                    {
                        foreach (bool unit in size == SizeClass.Large ? [triangle == Triangle.Upper] : new[] { false, true })
                        {
                            log.Case(layout, size, $"{triangle} {n}x{n}, right side {n}x{k} in {target}, unit {unit}", () =>
                            {
                                LayoutedMatrix<T> av = new(n, n, layout), bv = LayoutedMatrix<T>.Of(b, target);
                                av.Set((i, j) => i == j ? (unit ? double.NaN : a[i, j]) : (triangle == Triangle.Lower ? j < i : j > i) ? a[i, j] : double.NaN);
                                log.Engine.TriangularSolve<T>(triangle, unit, av.View, bv.View);
                                Dense exact = unit ? Dense.From(n, n, (i, j) => i == j ? 1 : a[i, j]) : a;
                                Reference.AssertLess(LapackRatios.Solve(exact, bv.ToDense(), b, ulp), LapackRatios.Threshold, "||B - A X|| / (||A|| ||X|| n ulp)");
                                av.AssertUnchanged("a");
                                bv.AssertOutsideUntouched("b");
                            });
                        }
                    }
                }
            }
        }
    }

    /// <summary>The destination's layouts: the input's own, and for the cheap sizes another one.</summary>
    public static IEnumerable<Layout> Targets(Layout layout, SizeClass size)
        => size is SizeClass.Prime or SizeClass.Tall ? [layout, AllLayouts[((int)layout + 3) % AllLayouts.Length]] : [layout];
}
