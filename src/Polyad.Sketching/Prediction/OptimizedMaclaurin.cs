using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// Fits the split of D features over the degrees of a kernel's series to data (Wacker, Kanagawa, Filippone 2022): each degree's sketch is a product or a tree, whichever has the lower predicted variance at its
/// share; low degrees are exact where that helps; the last degree balances variance and bias. Predicted errors are exact for the sampled rows. The fit reads the data for its mean, norms and the certified bound, and sampleRows^2 pairs.
/// </summary>
public sealed class OptimizedMaclaurin
{
    /// <summary>Rows that are held in double precision at one time.</summary>
    private const int AxisBatch = 1024;

    /// <summary>The sketches that a degree may have, the first one being degree 1's. Default: complex-to-real ProductSRHT and the complex-to-real tree with inner nodes of four times the features.</summary>
    public IReadOnlyList<SketchFamily> Families { get; init; } = [SketchFamily.ProductSrht(), SketchFamily.Tree(new TreeOptions(Expansion: 4))];

    /// <summary>The highest degree that is tried of a series that does not end; default 30.</summary>
    public int MaxDegree { get; init; } = 30;

    /// <summary>How many rows are looked at; default 160.</summary>
    public int SampleRows { get; init; } = 160;

    /// <summary>How many other rows (or all, where there are fewer) the principal axes of degree 1 are fitted to; 0 for no axes. Default 1000.</summary>
    public int AxisRows { get; init; } = 1000;

    /// <summary>The seed of the draw of those rows.</summary>
    public ulong Seed { get; init; }

    /// <summary>The engine; null for the current one.</summary>
    public ILinearAlgebraBackend? Backend { get; init; }

    /// <summary>A plan for a dot-product kernel f(x.y).</summary>
    /// <param name="data">n x d, finite, n at least 2.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="outputDimension">D, at least 3.</param>
    /// <param name="cancellationToken">Looked at between degrees.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, or the series diverges on the data.</exception>
    /// <exception cref="OverflowException">The squared values of the kernel leave the range of double.</exception>
    public MaclaurinPlan Fit<T>(in FeatureRows<T> data, DotProductKernel kernel, int outputDimension, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Check(data, outputDimension);
        double radius = DataMoments.LargestSquaredNorm(data, null, 1);
        _ = kernel.Tail(0, radius);
        Tensor<double> rows = PairSample.Draw(data, SampleRows, Seed);
        PairSample sample = PairSample.Of(rows, data.Rows, Backend);
        SeriesProblem problem = new(rows, sample, kernel.Coefficient, (pair, _, _) => kernel.Evaluate(sample.Inner[pair]), Ones(sample.Rows), null, 0, Families)
        {
            Axes = Axes(data, RowAdaptation.None, 0, sample, rows, Ones(sample.Rows), outputDimension),
        };
        MaclaurinPlan plan = new(kernel.Name, data.Columns, outputDimension, RowAdaptation.None, 0);
        return Finish(plan, problem, sample, data, kernel.LastDegree ?? MaxDegree, q => kernel.Tail(q, radius), cancellationToken);
    }

    /// <summary>
    /// A plan for the Gaussian kernel exp(-gamma |x - y|^2) = e^(-|r|^2/2) e^(-|s|^2/2) exp(r.s) with r = sqrt(2 gamma) (x - mean), s likewise: the kernel does not change when the mean is taken away, the variance falls.
    /// </summary>
    /// <param name="data">n x d, finite, n at least 2.</param>
    /// <param name="outputDimension">D, at least 3.</param>
    /// <param name="gamma">Positive; null for 1 / (2 l^2) with l the median distance of the sampled rows.</param>
    /// <param name="cancellationToken">Looked at between degrees.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, gamma is not positive, or it is to be the median's and that is zero.</exception>
    /// <exception cref="OverflowException">The squared values of the kernel leave the range of double.</exception>
    public MaclaurinPlan FitGaussian<T>(in FeatureRows<T> data, int outputDimension, double? gamma = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        Check(data, outputDimension);
        if (gamma is { } given && !(double.IsFinite(given) && given > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(gamma), given, $"gamma must be finite and positive; given {given}.");
        }

        double[] center = DataMoments.Mean(data);
        Tensor<double> rows = PairSample.Draw(data, SampleRows, Seed);
        double g = gamma ?? DataMoments.MedianGamma(rows), scale = Math.Sqrt(2 * g);
        RowAdaptation adaptation = new(scale, center, null, 0, Gaussian: true);
        Tensor<double> adapted = Adapt(rows, adaptation, out _, out double[] rho);
        PairSample sample = PairSample.Of(adapted, data.Rows, Backend);
        double radius = DataMoments.LargestSquaredNorm(data, center, scale);
        DotProductKernel series = DotProductKernel.Exponential();
        SeriesProblem problem = new(adapted, sample, series.Coefficient, (pair, i, j) => Math.Exp(sample.Inner[pair] - (0.5 * (sample.SquaredNorms[i] + sample.SquaredNorms[j]))), rho, null, 0, Families)
        {
            Axes = Axes(data, adaptation, 0, sample, adapted, rho, outputDimension),
        };
        MaclaurinPlan plan = new($"exp(-{g:G6} |x - y|^2)", data.Columns, outputDimension, adaptation, 0) { Gamma = g };

        // By Cauchy and Schwarz the rest is at most the root of the product of e^(-s) (sum of s^n / n!, n > q) at s = |r|^2: a Poisson tail, which grows with s.
        return Finish(plan, problem, sample, data, MaxDegree, q => DataMoments.PoissonTail(q, radius), cancellationToken);
    }

    /// <summary>
    /// A plan for a polynomial kernel. Its homogeneous rows h are split along an axis u into alpha = h.u and the rest r, and (alpha alpha' + r.r')^p is the sum over j of C(p, j) (alpha alpha')^(p - j) (r.r')^j: the part along u is
    /// exact, and only the smaller rest is sketched.
    /// </summary>
    /// <param name="data">n x d, finite, n at least 2.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="outputDimension">D, at least 3.</param>
    /// <param name="meanAxis">Whether u is the direction of the rows' mean; otherwise it is that of the constant, which makes this the plain series.</param>
    /// <param name="cancellationToken">Looked at between degrees.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows.</exception>
    /// <exception cref="OverflowException">The squared values of the kernel leave the range of double.</exception>
    public MaclaurinPlan FitPolynomial<T>(in FeatureRows<T> data, PolynomialKernel kernel, int outputDimension, bool meanAxis = true, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        kernel.Defined();
        if (!meanAxis)
        {
            return Fit(data, DotProductKernel.FromPolynomial(kernel), outputDimension, cancellationToken);
        }

        Check(data, outputDimension);
        double scale = Math.Sqrt(kernel.Gamma);
        double[] axis = [.. DataMoments.Mean(data).Select(v => scale * v)];
        axis = kernel.Constant > 0 ? [.. axis, Math.Sqrt(kernel.Constant)] : axis;
        double norm = TensorPrimitives.Norm<double>(axis);
        if (norm == 0)
        {
            throw new ArgumentException("The mean of the rows is zero and the kernel has no constant: there is no axis to split along.", nameof(data));
        }

        TensorPrimitives.Divide(axis, norm, axis);
        RowAdaptation adaptation = new(scale, null, axis, Math.Sqrt(kernel.Constant), false);
        Tensor<double> adapted = Adapt(PairSample.Draw(data, SampleRows, Seed), adaptation, out double[] alpha, out _);
        PairSample sample = PairSample.Of(adapted, data.Rows, Backend);
        int p = kernel.Degree;
        double Value(int pair, int i, int j) => Math.Pow((alpha[i] * alpha[j]) + sample.Inner[pair], p);
        SeriesProblem problem = new(adapted, sample, j => DotProductKernel.Binomial(p, j), Value, Ones(sample.Rows), alpha, p, Families)
        {
            Axes = Axes(data, adaptation, p - 1, sample, adapted, [.. alpha.Select(a => Math.Pow(Math.Abs(a), p - 1))], outputDimension),
        };
        MaclaurinPlan plan = new($"({kernel.Gamma:G6} x.y + {kernel.Constant:G6})^{p}", data.Columns, outputDimension, adaptation, p);

        // |alpha alpha'| and |r.r'| are both at most the square of the largest norm of a homogeneous row.
        double radius = (kernel.Gamma * DataMoments.LargestSquaredNorm(data, null, 1)) + kernel.Constant;
        return Finish(plan, problem, sample, data, p, q => Enumerable.Range(q + 1, p - q).Sum(j => DotProductKernel.Binomial(p, j)) * Math.Pow(radius, p), cancellationToken);
    }

    /// <summary>The principal axes of other rows, weighted as their degree 1 is, judged on the sampled pairs with the coefficient 1.</summary>
    private PrincipalAxes? Axes<T>(in FeatureRows<T> data, RowAdaptation adaptation, int alphaPower, PairSample sample, Tensor<double> sampled, double[] weights, int outputDimension)
        where T : unmanaged, INumberBase<T>
    {
        if (AxisRows == 0)
        {
            return null;
        }

        Tensor<double> rows = Adapt(PairSample.Draw(data, AxisRows, Seed, SampleRows), adaptation, out double[] alpha, out double[] rho);
        Span<double> numbers = LinearAlgebra.Elements(rows);
        int width = (int)rows.Lengths[1];
        for (int i = 0; i < rho.Length; i++)
        {
            TensorPrimitives.Multiply(numbers.Slice(i * width, width), rho[i] * Math.Pow(alpha[i], alphaPower), numbers.Slice(i * width, width));
        }

        return PrincipalAxes.Of(rows, outputDimension, sample, sampled, weights, Backend);
    }

    /// <summary>The plan with the best split, its predicted error and its certified bound.</summary>
    /// <param name="plan">Kernel and dimensions.</param>
    /// <param name="problem">The search.</param>
    /// <param name="sample">Its pairs.</param>
    /// <param name="data">All rows.</param>
    /// <param name="lastDegree">The highest degree that may be kept.</param>
    /// <param name="tail">A bound of the rest of the series past a degree, for all rows.</param>
    /// <param name="cancellationToken">Looked at between degrees.</param>
    private MaclaurinPlan Finish<T>(MaclaurinPlan plan, SeriesProblem problem, PairSample sample, in FeatureRows<T> data, int lastDegree, Func<int, double> tail, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        (List<MaclaurinTerm> terms, _) = problem.Best(plan.OutputDimension, Math.Min(lastDegree, PolynomialKernel.MaxDegree), cancellationToken);
        plan = plan with
        {
            Terms = [.. terms.OrderBy(term => term.Degree)],
            Error = sample.Prediction(problem.Variance(terms) + problem.Bias(terms), problem.Total),
        };
        return plan with { TruncationBound = tail(terms.Max(term => term.Degree)) + AxisRemainder(plan, data, cancellationToken) };
    }

    /// <summary>
    /// What the principal axes leave of degree 1, 0 where there are none: by Cauchy and Schwarz at most the coefficient times the largest squared length of a row's part beside them, over all rows.
    /// </summary>
    private double AxisRemainder<T>(MaclaurinPlan plan, in FeatureRows<T> data, CancellationToken cancellationToken)
        where T : unmanaged, INumberBase<T>
    {
        if (plan.PrincipalAxes is not { } axes)
        {
            return 0;
        }

        double largest = 0, coefficient = plan.Terms.First(static term => term.IsPrincipal).Coefficient;
        for (int first = 0; first < data.Rows; first += AxisBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FeatureRows<T> batch = data.Slice(first, Math.Min(AxisBatch, data.Rows - first));
            Tensor<T> dense = FreshMemory.Uninitialized<T>([batch.Rows, batch.Columns]);
            batch.CopyTo(dense.AsMatrix());
            Tensor<double> rows = Adapt(ElementMath.ToDouble(dense), plan.Adaptation, out double[] alpha, out double[] rho);
            Tensor<double> along = LinearAlgebra.MatMul(rows.AsReadOnlyMatrix(), axes.AsReadOnlyMatrix(), Backend);
            ReadOnlySpan<double> numbers = LinearAlgebra.Elements(rows), projected = LinearAlgebra.Elements(along);
            int width = (int)rows.Lengths[1], count = (int)along.Lengths[1];
            for (int i = 0; i < rho.Length; i++)
            {
                double whole = TensorPrimitives.SumOfSquares(numbers.Slice(i * width, width)), weight = rho[i] * Math.Pow(alpha[i], plan.AlphaDegree > 0 ? plan.AlphaDegree - 1 : 0);

                // The difference of two sums is off by their rounding, which is added on top.
                double rest = Math.Max(0, whole - TensorPrimitives.SumOfSquares(projected.Slice(i * count, count))) + (4 * LinearAlgebra.Epsilon<double>() * width * whole);
                largest = Math.Max(largest, weight * weight * rest);
            }
        }

        return coefficient * largest;
    }

    private void Check<T>(in FeatureRows<T> data, int outputDimension)
        where T : unmanaged, INumberBase<T>
    {
        data.Check(nameof(data));
        if (data.Rows < 2)
        {
            throw new ArgumentException($"The split is fitted to pairs of rows: there must be at least two; given {data.Rows}.", nameof(data));
        }

        if (outputDimension < 3)
        {
            throw new ArgumentOutOfRangeException(nameof(outputDimension), outputDimension, $"A constant and one complex feature need 3 features; given {outputDimension}.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(SampleRows, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDegree, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(AxisRows);
        if (Families is null || Families.Count == 0 || Families.Contains(null!))
        {
            throw new InvalidOperationException($"{nameof(Families)} must hold at least one family of sketches to choose from, and no null.");
        }
    }

    /// <summary>The adapted rows, and their numbers.</summary>
    private static unsafe Tensor<double> Adapt(Tensor<double> rows, RowAdaptation adaptation, out double[] alpha, out double[] rho)
    {
        int m = (int)rows.Lengths[0], d = (int)rows.Lengths[1], width = adaptation.Dimension(d);
        Tensor<double> adapted = FreshMemory.Zeros<double>([m, width]);
        (alpha, rho) = (new double[m], new double[m]);
        fixed (double* target = LinearAlgebra.Elements(adapted))
        {
            for (int i = 0; i < m; i++)
            {
                double* line = target + ((nint)i * width);
                LinearAlgebra.Elements(rows).Slice(i * d, d).CopyTo(new Span<double>(line, d));
                adaptation.Apply(d, line, adaptation.Center, adaptation.Axis, out alpha[i], out rho[i]);
            }
        }

        return adapted;
    }

    private static double[] Ones(int count)
    {
        double[] ones = new double[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
