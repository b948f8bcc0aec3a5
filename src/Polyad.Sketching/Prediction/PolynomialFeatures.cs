using System.Numerics;

namespace Polyad.Sketching;

/// <summary>
/// Picks the sketch of a polynomial kernel for data by predicted error: products at low degree, trees above the crossover, splits over the degrees of the series or along the mean of the rows, exact monomials where they fit.
/// </summary>
public static class PolynomialFeatures
{
    /// <summary>A later, slower candidate must be better by this factor.</summary>
    private const double Worth = 0.98;

    /// <summary>The sketch of D features with the lowest predicted error; of candidates within 2 % the faster one.</summary>
    /// <param name="data">n x d, finite, n at least 2.</param>
    /// <param name="kernel">The kernel; a number is the degree of the homogeneous one.</param>
    /// <param name="outputDimension">D, at least 3.</param>
    /// <param name="search">How the splits are fitted; null for the defaults.</param>
    /// <param name="progress">Told of every candidate.</param>
    /// <param name="cancellationToken">Looked at between candidates.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, or D is below 3.</exception>
    /// <exception cref="NonFiniteInputException">A row holds NaN or infinity.</exception>
    /// <exception cref="OverflowException">The squared values of the kernel leave the range of double.</exception>
    public static PolynomialChoice Choose<T>(
        in FeatureRows<T> data, PolynomialKernel kernel, int outputDimension, OptimizedMaclaurin? search = null, IProgress<PolynomialCandidate>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        kernel.Defined();
        search ??= new OptimizedMaclaurin();
        data.Check(nameof(data));
        if (data.Rows < 2 || outputDimension < 3)
        {
            throw new ArgumentException($"A choice needs pairs of rows and at least 3 features; given {data.Rows} rows and {outputDimension} features.", nameof(data));
        }

        int d = data.Columns, width = kernel.Homogeneous(d);
        double monomials = ExactPowers<double>.Count(width, kernel.Degree);
        if (monomials <= outputDimension)
        {
            ErrorPrediction none = new(0, 0, 0, PredictionKind.Exact);
            return new PolynomialChoice(kernel, d, (int)monomials, none, $"the {monomials} monomials of degree {kernel.Degree} fit {outputDimension} features: no error but rounding", [new("exact monomials", none)]);
        }

        List<(PolynomialCandidate Candidate, SketchFamily? Family, MaclaurinPlan? Plan)> tried = [];
        PairSample sample = PairSample.Of(data, kernel, search.SampleRows, search.Seed, search.Backend);
        double total = sample.PowerSquares(kernel.Degree);
        int even = outputDimension - (outputDimension % 2);
        foreach (SketchFamily family in Families(kernel.Degree))
        {
            cancellationToken.ThrowIfCancellationRequested();
            double error = sample.Variance(family.Moments(kernel.Degree, width, family.IsComplex ? even : outputDimension), kernel.Degree);
            Add(new(family.Name, sample.Prediction(error, total)), family, null);
        }

        if (kernel.Constant > 0)
        {
            MaclaurinPlan plan = search.FitPolynomial(data, kernel, outputDimension, meanAxis: false, cancellationToken);
            Add(new("series split", plan.Error), null, plan);
        }

        if (kernel.Constant > 0 || DataMoments.Mean(data).Any(static v => v != 0))
        {
            MaclaurinPlan plan = search.FitPolynomial(data, kernel, outputDimension, meanAxis: true, cancellationToken);
            Add(new("mean split", plan.Error), null, plan);
        }

        int best = 0;
        for (int i = 1; i < tried.Count; i++)
        {
            best = tried[i].Candidate.Error.RelativeError < Worth * tried[best].Candidate.Error.RelativeError ? i : best;
        }

        (PolynomialCandidate chosen, SketchFamily? chosenFamily, MaclaurinPlan? chosenPlan) = tried[best];
        PolynomialCandidate[] all = [.. tried.Select(t => t.Candidate).OrderBy(c => c.Error.RelativeError)];
        string others = string.Join(", ", all.Where(c => c != chosen).Take(2).Select(c => $"{c.Error.RelativeError:G3} ({c.Name})"));
        string reason = $"{chosen.Name}: predicted relative error {chosen.Error.RelativeError:G3} at {outputDimension} features; next are {others}";
        if (chosenPlan is not null)
        {
            reason += $". Features by degree: {string.Join(", ", chosenPlan.Terms.Select(t => $"{t.Degree}: {t.Features}{(t.Family is null ? " exact" : "")}"))}";
            return new PolynomialChoice(kernel, d, outputDimension, chosen.Error, reason, all) { Plan = chosenPlan };
        }

        return new PolynomialChoice(kernel, d, chosenFamily!.IsComplex ? even : outputDimension, chosen.Error, reason, all) { Family = chosenFamily };

        void Add(PolynomialCandidate candidate, SketchFamily? family, MaclaurinPlan? plan)
        {
            tried.Add((candidate, family, plan));
            progress?.Report(candidate);
        }
    }

    /// <summary>The smallest number of features (to 2 %) whose predicted error is at most a bound, and its sketch.</summary>
    /// <param name="data">n x d, finite, n at least 2.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="relativeError">The bound of the relative error of the kernel matrix, positive.</param>
    /// <param name="maxDimension">The most features, at least 4.</param>
    /// <param name="search">How the splits are fitted; null for the defaults.</param>
    /// <param name="progress">Told of every dimension that was tried, with what was chosen there: about ten.</param>
    /// <param name="cancellationToken">Looked at between candidates.</param>
    /// <exception cref="ArgumentException">A number is out of range, or even the most features are predicted to miss the bound.</exception>
    public static PolynomialChoice ChooseForError<T>(
        in FeatureRows<T> data,
        PolynomialKernel kernel,
        double relativeError,
        int maxDimension = 1 << 15,
        OptimizedMaclaurin? search = null,
        IProgress<PolynomialChoice>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, INumberBase<T>
    {
        if (!(relativeError > 0) || maxDimension < 4)
        {
            throw new ArgumentException($"The bound must be positive and the most features at least 4; given {relativeError} and {maxDimension}.", nameof(relativeError));
        }

        PolynomialChoice best = Choose(data, kernel, maxDimension, search, null, cancellationToken);
        progress?.Report(best);
        if (best.Error.RelativeError > relativeError)
        {
            throw new ArgumentException($"{maxDimension} features are predicted to reach {best.Error.RelativeError:G3}, not {relativeError}.", nameof(maxDimension));
        }

        int low = 3, high = best.OutputDimension;
        while (high - low > Math.Max(2, low / 50))
        {
            int middle = (int)Math.Sqrt((double)low * high);
            middle = Math.Clamp(middle, low + 1, high - 1);
            PolynomialChoice choice = Choose(data, kernel, middle, search, null, cancellationToken);
            progress?.Report(choice);
            if (choice.Error.RelativeError <= relativeError)
            {
                (best, high) = (choice, middle);
            }
            else
            {
                low = middle;
            }
        }

        return best;
    }

    /// <summary>Sketches of the homogeneous power, the fastest first.</summary>
    private static SketchFamily[] Families(int degree)
    {
        SketchFamily[] products = [SketchFamily.ProductSrht(), SketchFamily.ProductSrht(complex: false), SketchFamily.TensorSketch];
        SketchFamily wide = SketchFamily.Tree(new TreeOptions(Expansion: 4));
        return degree == 1 ? products : [.. products, SketchFamily.Tree(), wide, SketchFamily.Craft(wide, 4)];
    }
}
