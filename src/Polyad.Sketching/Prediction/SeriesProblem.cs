using System.Numerics.Tensors;

namespace Polyad.Sketching;

/// <summary>
/// A kernel written as the sum over j of c_j (rho(x) alpha(x)^(p - j)) (rho(y) alpha(y)^(p - j)) (r(x).r(y))^j on sampled rows, and the search for the sketch of least error: over the last degree that is kept, how many low degrees are
/// exact, and the shares of the others.
/// </summary>
internal sealed class SeriesProblem
{
    private const int MostExactDegrees = 3;

    private readonly PairSample _sample;
    private readonly int _dimension;
    private readonly Func<int, double> _coefficient;
    private readonly double[] _rho;
    private readonly double[]? _alpha;
    private readonly int _alphaDegree;
    private readonly IReadOnlyList<SketchFamily> _families;
    private readonly Dictionary<int, (VarianceCurve Curve, SketchFamily Family)[]> _curves = [];
    private readonly double[] _values;
    private readonly Tensor<double> _rows;

    /// <param name="rows">The adapted rows.</param>
    /// <param name="sample">The pairs of adapted rows.</param>
    /// <param name="coefficient">c_j.</param>
    /// <param name="value">The kernel of a pair: its number and the numbers of its rows.</param>
    /// <param name="rho">rho of each row.</param>
    /// <param name="alpha">alpha of each row, or null.</param>
    /// <param name="alphaDegree">p.</param>
    /// <param name="families">The sketches to choose from.</param>
    public SeriesProblem(Tensor<double> rows, PairSample sample, Func<int, double> coefficient, Func<int, int, int, double> value, double[] rho, double[]? alpha, int alphaDegree, IReadOnlyList<SketchFamily> families)
    {
        (_rows, _sample, _coefficient, _rho, _alpha, _alphaDegree, _families) = (rows, sample, coefficient, rho, alpha, alphaDegree, families);
        _dimension = (int)rows.Lengths[1];
        _values = new double[sample.Pairs];
        Total = sample.SquareSum((pair, i, j) => _values[pair] = value(pair, i, j));
        if (!double.IsFinite(Total))
        {
            throw PairSample.OutOfRange();
        }
    }

    /// <summary>The principal axes that degree 1 may use; null for none.</summary>
    public PrincipalAxes? Axes { get; init; }

    /// <summary>The sum of the squared kernel values.</summary>
    public double Total { get; }

    /// <summary>The best split of D features over degrees up to a last one.</summary>
    /// <exception cref="OverflowException">No split has a finite error.</exception>
    public (List<MaclaurinTerm> Terms, double Error) Best(int features, int lastDegree, CancellationToken cancellationToken)
    {
        (List<MaclaurinTerm> Terms, double Error) best = ([], double.PositiveInfinity);
        double[] rest = [.. _values];
        int worse = 0;
        for (int q = 0; q <= lastDegree && worse < 3; q++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Subtract(rest, q);
            if (q > 0 && _coefficient(q) == 0)
            {
                continue;
            }

            double bias = _sample.SquareSum((pair, _, _) => rest[pair]);
            double before = best.Error;
            for (int exact = 0; exact <= Math.Min(q, MostExactDegrees); exact++)
            {
                if (Split(features, q, exact) is { } split && bias + split.Error < best.Error)
                {
                    best = (split.Terms, bias + split.Error);
                }
            }

            worse = best.Error < before ? 0 : worse + 1;
        }

        return best.Terms.Count > 0 ? best : throw PairSample.OutOfRange();
    }

    /// <summary>The split with the degrees up to some exact; null where it does not fit.</summary>
    private (List<MaclaurinTerm> Terms, double Error)? Split(int features, int last, int exact)
    {
        List<MaclaurinTerm> terms = [];
        List<int> sketched = [];
        double left = features;
        for (int j = 0; j <= last; j++)
        {
            double c = _coefficient(j);
            if (c == 0)
            {
                continue;
            }

            if (j == 0 || j <= exact)
            {
                double count = j == 0 ? 1 : ExactPowers<double>.Count(_dimension, j);
                left -= count;
                if (left < 0)
                {
                    return null;
                }

                terms.Add(new(j, c, (int)count, null, 0));
            }
            else
            {
                sketched.Add(j);
            }
        }

        if (left < 2 * sketched.Count)
        {
            return null;
        }

        double error = 0;
        if (sketched.Count > 0)
        {
            (VarianceCurve Curve, SketchFamily Family)[][] curves = [.. sketched.Select(Curves)];
            int[] shares = FeatureAllocation.Solve([.. curves.Select((choices, i) => (Func<int, double>)(n => Math.Min(choices.Min(choice => choice.Curve.At(n)), sketched[i] == 1 ? Left(n) : double.PositiveInfinity)))], (int)left);
            for (int i = 0; i < shares.Length; i++)
            {
                (VarianceCurve Curve, SketchFamily Family) choice = curves[i].MinBy(c => c.Curve.At(shares[i]));
                double share = choice.Curve.At(shares[i]);
                if (sketched[i] == 1 && Left(shares[i]) < share)
                {
                    // More features than axes stay empty.
                    share = Left(shares[i]);
                    int count = Math.Min(shares[i], Axes!.Residuals.Length - 1);
                    terms.Add(new(1, _coefficient(1), count, null, share / Total) { Axes = Axes.First(count) });
                }
                else
                {
                    terms.Add(new(sketched[i], _coefficient(sketched[i]), shares[i], choice.Family, share / Total));
                }

                error += share;
            }
        }

        return (terms, error);
    }

    /// <summary>The exact squared error of the chosen terms, curves being interpolated.</summary>
    public double Variance(IEnumerable<MaclaurinTerm> terms)
        => terms.Where(term => term.Family is not null)
            .Sum(term => _sample.Variance(term.Family!.Moments(term.Degree, _dimension, term.Features), term.Degree, Weights(term.Degree)));

    /// <summary>The squared error of the degrees that are left out.</summary>
    public double Bias(IEnumerable<MaclaurinTerm> terms)
    {
        double[] rest = [.. _values];
        foreach (MaclaurinTerm term in terms)
        {
            Subtract(rest, term.Degree, term.Axes);
        }

        // What rounding leaves of a series that is complete is no bias.
        return _sample.SquareSum((pair, _, _) => Math.Abs(rest[pair]) <= 1e-13 * Math.Abs(_values[pair]) ? 0 : rest[pair]);
    }

    /// <summary>What the first axes leave of degree 1.</summary>
    private double Left(int count) => Axes is null ? double.PositiveInfinity : Math.Pow(_coefficient(1), 2) * Axes.Residuals[Math.Min(count, Axes.Residuals.Length - 1)];

    private (VarianceCurve Curve, SketchFamily Family)[] Curves(int degree)
    {
        if (!_curves.TryGetValue(degree, out (VarianceCurve Curve, SketchFamily Family)[]? curves))
        {
            // At degree 1 all families are one linear projection.
            double[] weights = Weights(degree);
            _curves[degree] = curves = [.. _families.Take(degree == 1 ? 1 : _families.Count).Select(family => (VarianceCurve.Of(family, _sample, degree, _dimension, weights), family))];
        }

        return curves;
    }

    /// <summary>The root of a term's coefficient and the row's numbers.</summary>
    private double[] Weights(int degree)
    {
        double root = Math.Sqrt(_coefficient(degree));
        return [.. _rho.Select((rho, i) => root * rho * (_alpha is null ? 1 : Math.Pow(Math.Abs(_alpha[i]), _alphaDegree - degree)))];
    }

    /// <summary>Takes a degree away; of degree 1 with axes, the part along them.</summary>
    private void Subtract(double[] rest, int degree, Tensor<double>? axes = null)
    {
        double c = _coefficient(degree);
        if (c == 0)
        {
            return;
        }

        double[] inner = _sample.Inner;
        if (axes is not null)
        {
            inner = PairSample.Of(LinearAlgebra.MatMul(_rows.AsReadOnlyMatrix(), axes.AsReadOnlyMatrix()), _sample.Rows, null).Inner;
        }

        for (int i = 0, pair = 0; i < _sample.Rows; i++)
        {
            for (int j = 0; j <= i; j++, pair++)
            {
                double weight = c * _rho[i] * _rho[j] * (_alpha is null ? 1 : Math.Pow(_alpha[i] * _alpha[j], _alphaDegree - degree));
                if (weight != 0)
                {
                    rest[pair] -= weight * Math.Pow(inner[pair], degree);
                }
            }
        }
    }
}
