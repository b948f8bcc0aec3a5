using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>A function and its gradient at a point.</summary>
internal delegate double Objective(double[] point, double[] gradient);

/// <summary>
/// The limited-memory BFGS method (Liu, Nocedal 1989): the two-loop recursion over the last few steps, and a line search to the strong Wolfe conditions (Nocedal, Wright 2006, algorithms 3.5 and 3.6)
/// that forgives what rounding does to the value (Hager, Zhang 2005).
/// </summary>
internal sealed class LimitedMemoryBfgs
{
    /// <summary>Decrease that a step must bring, as a share of what the slope promises.</summary>
    private const double Decrease = 1e-4;

    /// <summary>Slope that may be left, as a share of the first one.</summary>
    private const double Curvature = 0.9;

    private const int MostTrials = 25;

    private readonly Objective _objective;
    private readonly int _memory;
    private readonly double _noise;
    private readonly List<double[]> _steps = [];
    private readonly List<double[]> _changes = [];

    /// <param name="start">Where to begin; taken over.</param>
    /// <param name="objective">What is made small.</param>
    /// <param name="memory">Steps that are remembered.</param>
    /// <param name="noise">The rounding error of a value.</param>
    public LimitedMemoryBfgs(double[] start, Objective objective, int memory, double noise)
    {
        (_objective, _memory, _noise) = (objective, memory, noise);
        Point = start;
        Gradient = new double[start.Length];
        Value = objective(Point, Gradient);
    }

    /// <summary>Goes on from an archive.</summary>
    public LimitedMemoryBfgs(ModelArchive archive, string prefix, Objective objective, int memory, double noise)
    {
        (_objective, _memory, _noise) = (objective, memory, noise);
        (Point, Gradient, Value) = (archive.Numbers(prefix + "point"), archive.Numbers(prefix + "gradient"), archive.Number(prefix + "value"));
        for (int k = 0; k < archive.Whole(prefix + "remembered"); k++)
        {
            _steps.Add(archive.Numbers($"{prefix}step_{k}"));
            _changes.Add(archive.Numbers($"{prefix}change_{k}"));
        }
    }

    public double[] Point { get; private set; }

    public double[] Gradient { get; private set; }

    public double Value { get; private set; }

    public void AddTo(ModelArchive archive, string prefix)
    {
        archive.Add(prefix + "point", Point);
        archive.Add(prefix + "gradient", Gradient);
        archive.Add(prefix + "value", Value);
        archive.Add(prefix + "remembered", _steps.Count);
        for (int k = 0; k < _steps.Count; k++)
        {
            archive.Add($"{prefix}step_{k}", _steps[k]);
            archive.Add($"{prefix}change_{k}", _changes[k]);
        }
    }

    /// <summary>One iteration; false when no step lowers the value, not even along the gradient.</summary>
    public bool Step()
    {
        while (true)
        {
            double[] direction = Direction();
            double slope = TensorPrimitives.Dot<double>(direction, Gradient);
            if (slope < 0 && Search(direction, slope, _steps.Count == 0 ? Math.Min(1, 1 / TensorPrimitives.Norm<double>(Gradient)) : 1))
            {
                return true;
            }

            if (_steps.Count == 0)
            {
                return false;
            }

            _steps.Clear();
            _changes.Clear();
        }
    }

    /// <summary>-H g by the two-loop recursion.</summary>
    private double[] Direction()
    {
        double[] direction = new double[Point.Length], shares = new double[_steps.Count];
        TensorPrimitives.Negate<double>(Gradient, direction);
        for (int k = _steps.Count - 1; k >= 0; k--)
        {
            shares[k] = TensorPrimitives.Dot<double>(_steps[k], direction) / TensorPrimitives.Dot<double>(_steps[k], _changes[k]);
            TensorPrimitives.MultiplyAdd(_changes[k], -shares[k], direction, direction);
        }

        if (_steps.Count > 0)
        {
            double[] change = _changes[^1];
            TensorPrimitives.Multiply(direction, TensorPrimitives.Dot<double>(_steps[^1], change) / TensorPrimitives.SumOfSquares<double>(change), direction);
        }

        for (int k = 0; k < _steps.Count; k++)
        {
            double share = TensorPrimitives.Dot<double>(_changes[k], direction) / TensorPrimitives.Dot<double>(_steps[k], _changes[k]);
            TensorPrimitives.MultiplyAdd(_steps[k], shares[k] - share, direction, direction);
        }

        return direction;
    }

    /// <summary>A step length that satisfies the strong Wolfe conditions, by bracketing and cubic interpolation; the best point with enough decrease when trials run out.</summary>
    private bool Search(double[] direction, double slope, double first)
    {
        Trial low = new(0, Value, slope, Point, Gradient), high = default;
        bool bracketed = false;
        double length = first;
        for (int trial = 0; trial < MostTrials; trial++)
        {
            Trial now = At(direction, length);
            if (!(now.Value <= Value + (Decrease * length * slope) + _noise) || (low.Length > 0 && now.Value > low.Value + _noise))
            {
                (high, bracketed) = (now, true);
            }
            else if (Math.Abs(now.Slope) <= -Curvature * slope)
            {
                return Take(now);
            }
            else
            {
                if (bracketed ? now.Slope * (high.Length - low.Length) >= 0 : now.Slope >= 0)
                {
                    (high, bracketed) = (low, true);
                }

                low = now;
            }

            double next = bracketed ? Between(low, high) : 2 * length;
            if (bracketed && Math.Abs(high.Length - low.Length) <= 1e-14 * Math.Max(low.Length, high.Length))
            {
                break;
            }

            length = next;
        }

        return low.Length > 0 && low.Value < Value && Take(low);
    }

    private Trial At(double[] direction, double length)
    {
        double[] point = new double[Point.Length], gradient = new double[Point.Length];
        TensorPrimitives.MultiplyAdd(direction, length, Point, point);
        double value = _objective(point, gradient);
        return new Trial(length, double.IsFinite(value) ? value : double.PositiveInfinity, TensorPrimitives.Dot<double>(direction, gradient), point, gradient);
    }

    /// <summary>The minimiser of the cubic through both ends, kept a tenth away from them.</summary>
    private static double Between(in Trial a, in Trial b)
    {
        double span = b.Length - a.Length, d1 = a.Slope + b.Slope - (3 * (b.Value - a.Value) / span), root = (d1 * d1) - (a.Slope * b.Slope);
        double next = a.Length + (0.5 * span);
        if (root >= 0)
        {
            double d2 = Math.Sign(span) * Math.Sqrt(root), cubic = b.Length - (span * (b.Slope + d2 - d1) / (b.Slope - a.Slope + (2 * d2)));
            next = double.IsFinite(cubic) ? cubic : next;
        }

        double least = Math.Min(a.Length, b.Length) + (0.1 * Math.Abs(span)), most = Math.Max(a.Length, b.Length) - (0.1 * Math.Abs(span));
        return Math.Clamp(next, least, most);
    }

    private bool Take(in Trial trial)
    {
        double[] step = new double[Point.Length], change = new double[Point.Length];
        TensorPrimitives.Subtract<double>(trial.Point, Point, step);
        TensorPrimitives.Subtract<double>(trial.Gradient, Gradient, change);

        // Without positive curvature the update would lose definiteness.
        if (TensorPrimitives.Dot<double>(step, change) > 1e-10 * TensorPrimitives.Norm<double>(step) * TensorPrimitives.Norm<double>(change))
        {
            if (_steps.Count == _memory)
            {
                _steps.RemoveAt(0);
                _changes.RemoveAt(0);
            }

            _steps.Add(step);
            _changes.Add(change);
        }

        (Point, Gradient, Value) = (trial.Point, trial.Gradient, trial.Value);
        return true;
    }

    private readonly record struct Trial(double Length, double Value, double Slope, double[] Point, double[] Gradient);
}
