using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Conformance;

/// <summary>The tensor kernels against their definitions, every mode, every layout that a tensor span can have.</summary>
internal static class TensorCases
{
    private static readonly (SizeClass Class, int[] Shape)[] Shapes =
    [
        (SizeClass.Empty, [3, 0, 2]), (SizeClass.Empty, [0, 4]), (SizeClass.One, [1, 1]), (SizeClass.One, [1, 1, 1]), (SizeClass.Prime, [5, 3]), (SizeClass.Prime, [3, 5, 7]), (SizeClass.Prime, [7, 1, 5]),
        (SizeClass.Prime, [2, 3, 5, 7]), (SizeClass.Prime, [3, 2, 1, 5, 2]), (SizeClass.Tall, [211, 3, 2]), (SizeClass.Wide, [2, 3, 211]), (SizeClass.Wide, [3, 331]), (SizeClass.Large, [61, 71, 43]),
        (SizeClass.Large, [331, 263]),
    ];

    public static bool Applies(Layout layout) => layout != Layout.Reversed;

    public static void Run<T>(CaseLog log)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach ((SizeClass size, int[] shape) in Shapes)
        {
            double[] values = Dense.Uniform(1, shape.Aggregate(1, (a, b) => a * b), 21).RoundTo<T>().Data;
            for (int mode = 0; mode < shape.Length; mode++)
            {
                Dense unfolding = UnfoldByDefinition(shape, values, mode);
                TensorCase<T> one = new(log.Engine, shape, values, mode, unfolding);
                Action<Layout> check = log.Operation switch
                {
                    LinearAlgebraOperation.Unfold => one.Unfold,
                    LinearAlgebraOperation.Fold => one.Fold,
                    LinearAlgebraOperation.ModeProduct => one.ModeProduct,
                    LinearAlgebraOperation.ModeGram => one.ModeGram,
                    _ => one.Mttkrp,
                };
                foreach (Layout layout in Enum.GetValues<Layout>().Where(Applies))
                {
                    log.Case(layout, size, $"[{string.Join(", ", shape)}] mode {mode}", () => check(layout));
                }
            }
        }
    }

    /// <summary>Row i_n, column j = sum over k != n of i_k prod over m > k, m != n of I_m.</summary>
    public static Dense UnfoldByDefinition(int[] shape, double[] values, int mode)
    {
        int columns = shape.Where((_, axis) => axis != mode).Aggregate(1, (a, b) => a * b);
        Dense result = new(shape[mode], columns);
        int[] index = new int[shape.Length];
        for (int linear = 0; linear < values.Length; linear++)
        {
            int rest = linear;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                (rest, index[axis]) = Math.DivRem(rest, shape[axis]);
            }

            int column = 0;
            for (int axis = 0; axis < shape.Length; axis++)
            {
                column = axis == mode ? column : (column * shape[axis]) + index[axis];
            }

            result[index[mode], column] = values[linear];
        }

        return result;
    }

    /// <summary>The inverse of <see cref="UnfoldByDefinition"/>: row-major values.</summary>
    public static double[] FoldByDefinition(int[] shape, Dense unfolding, int mode)
    {
        double[] positions = [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => (double)i)];
        Dense where = UnfoldByDefinition(shape, positions, mode);
        double[] values = new double[positions.Length];
        for (int i = 0; i < where.Data.Length; i++)
        {
            values[(int)where.Data[i]] = unfolding.Data[i];
        }

        return values;
    }
}

/// <summary>One tensor and mode with what its kernels must give.</summary>
internal sealed class TensorCase<T>(ILinearAlgebraBackend engine, int[] shape, double[] values, int mode, Dense unfolding)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Rank = 5;

    private readonly Precision _precision = Precision.Of<T>();
    private readonly Dense[] _factors = [.. shape.Select((n, axis) => Dense.Uniform(n, Rank, 31 + axis).RoundTo<T>())];
    private readonly Dense _matrix = Dense.Uniform(4, shape[mode], 41).RoundTo<T>();
    private Dense? _khatriRao;
    private (Dense Product, Dense Magnitude)? _gram, _mttkrp, _product;

    public void Unfold(Layout layout)
    {
        LayoutedTensor<T> x = LayoutedTensor<T>.Of(shape, values, layout);
        LayoutedMatrix<T> y = new LayoutedMatrix<T>(unfolding.Rows, unfolding.Columns, layout).Remember();
        engine.Unfold<T>(x.ReadOnlySpan, mode, y.View);
        Assert.Equal(unfolding.Data, y.ToVector());
        x.AssertUnchanged("tensor");
        y.AssertOutsideUntouched("destination");
    }

    public void Fold(Layout layout)
    {
        LayoutedMatrix<T> m = LayoutedMatrix<T>.Of(unfolding, layout);
        LayoutedTensor<T> y = new(shape, layout);
        engine.Fold<T>(m.View, mode, y.Span);
        Assert.Equal(values, y.ToVector());
        m.AssertUnchanged("unfolding");
        y.AssertOutsideUntouched("destination");
    }

    public void ModeProduct(Layout layout)
    {
        LayoutedTensor<T> x = LayoutedTensor<T>.Of(shape, values, layout);
        LayoutedMatrix<T> m = LayoutedMatrix<T>.Of(_matrix, layout);
        int[] target = [.. shape];
        target[mode] = _matrix.Rows;
        LayoutedTensor<T> y = new(target, layout);
        engine.ModeProduct<T>(x.ReadOnlySpan, m.View, mode, y.Span);
        (Dense product, Dense magnitude) = _product ??= (Reference.Multiply(_matrix, unfolding), Reference.Multiply(_matrix.Abs(), unfolding.Abs()));
        Dense actual = TensorCases.UnfoldByDefinition(target, y.ToVector(), mode);
        Reference.AssertWithin(actual, product, magnitude, shape[mode], _precision.Ulp, _precision.Tiny);
        x.AssertUnchanged("tensor");
        m.AssertUnchanged("matrix");
        y.AssertOutsideUntouched("destination");
    }

    public void ModeGram(Layout layout)
    {
        LayoutedTensor<T> x = LayoutedTensor<T>.Of(shape, values, layout);
        LayoutedMatrix<T> g = new LayoutedMatrix<T>(shape[mode], shape[mode], layout).Remember();
        engine.ModeGram<T>(x.ReadOnlySpan, mode, g.View);
        (Dense product, Dense magnitude) = _gram ??= (Reference.Multiply(unfolding, unfolding.Transpose()), Reference.Multiply(unfolding.Abs(), unfolding.Transpose().Abs()));
        Reference.AssertWithin(g.ToDense(), product, magnitude, unfolding.Columns, _precision.Ulp, _precision.Tiny);
        Reference.AssertSymmetric(g.ToDense());
        x.AssertUnchanged("tensor");
        g.AssertOutsideUntouched("destination");
    }

    public void Mttkrp(Layout layout)
    {
        LayoutedTensor<T> x = LayoutedTensor<T>.Of(shape, values, layout);
        LayoutedMatrix<T> y = new LayoutedMatrix<T>(shape[mode], Rank, layout).Remember();
        Tensor<T>[] factors = [.. _factors.Select((f, axis) => axis == mode ? null! : ToTensor(f, layout))];
        engine.Mttkrp<T>(x.ReadOnlySpan, factors, mode, y.View);
        Dense kr = _khatriRao ??= KhatriRaoWithoutMode();
        (Dense product, Dense magnitude) = _mttkrp ??= (Reference.Multiply(unfolding, kr), Reference.Multiply(unfolding.Abs(), kr.Abs()));
        Reference.AssertWithin(y.ToDense(), product, magnitude, unfolding.Columns + shape.Length, _precision.Ulp, _precision.Tiny);
        x.AssertUnchanged("tensor");
        y.AssertOutsideUntouched("destination");
    }

    /// <summary>Row (.., i, .., j, ..) is the product of the rows of the factors, the first factor slowest.</summary>
    private Dense KhatriRaoWithoutMode()
    {
        Dense result = Dense.From(1, Rank, (_, _) => 1);
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (axis != mode)
            {
                Dense before = result, factor = _factors[axis];
                result = Dense.From(before.Rows * factor.Rows, Rank, (i, r) => before[i / factor.Rows, r] * factor[i % factor.Rows, r]);
            }
        }

        return result;
    }

    /// <summary>A factor, column-major where the layout says so.</summary>
    private static Tensor<T> ToTensor(Dense factor, Layout layout)
    {
        bool columnMajor = layout is Layout.ColumnMajor or Layout.Transposed;
        Dense stored = columnMajor ? factor.Transpose() : factor;
        T[] data = [.. stored.Data.Select(T.CreateTruncating)];
        nint rows = factor.Rows, columns = factor.Columns;
        return columnMajor && rows > 1 ? Tensor.Create(data, [rows, columns], [1, rows]) : Tensor.Create(data, [rows, columns]);
    }
}
