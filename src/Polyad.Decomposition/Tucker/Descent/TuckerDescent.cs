using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Block coordinate descent on a Tucker model: in each sweep the factors are updated in turn, then the core. With extrapolation the factors that later updates see have gone further in the
/// direction of their last change (<see cref="ExtrapolationStep"/>); a sweep that ends worse is taken back, so the objective never rises.
/// </summary>
internal sealed class TuckerDescent<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly TuckerTarget<T> _target;
    private readonly TuckerState<T> _state;
    private readonly FactorUpdate<T>[] _updates;
    private readonly NonNegativeSettings? _core;
    private readonly bool[] _fixed;
    private readonly ExtrapolationStep _step;
    private readonly Tensor<T>[] _held;
    private readonly Tensor<T>[] _updated;
    private readonly Tensor<T>[] _before;

    /// <param name="target">What is fitted.</param>
    /// <param name="state">A model to begin at; changed by sweeps.</param>
    /// <param name="updates">One for each mode.</param>
    /// <param name="core">How a non-negative core is updated; null for least squares.</param>
    /// <param name="fixedModes">Modes whose factors stay.</param>
    /// <param name="extrapolate">Whether to extrapolate.</param>
    public TuckerDescent(TuckerTarget<T> target, TuckerState<T> state, FactorUpdate<T>[] updates, NonNegativeSettings? core, bool[] fixedModes, bool extrapolate)
    {
        _target = target;
        _state = state;
        _updates = updates;
        _core = core;
        _fixed = fixedModes;
        _step = new ExtrapolationStep(extrapolate);
        _held = [.. state.Blocks.Select(DenseData.Copy)];
        _updated = [.. state.Factors.Select(DenseData.Copy)];
        _before = [.. state.Factors.Select(DenseData.Copy)];
    }

    /// <summary>||W^(1/2) (X - M)|| / ||W^(1/2) X|| of the model that is held.</summary>
    public double RelativeError { get; private set; } = double.PositiveInfinity;

    /// <summary>sqrt(2 F) / ||W^(1/2) X||, F being half the squared error plus the penalties.</summary>
    public double Objective { get; private set; } = double.PositiveInfinity;

    /// <summary>Whether the next sweep does not extrapolate.</summary>
    public bool IsPlain => _step.IsPlain;

    /// <summary>Whether the last sweep was taken back.</summary>
    public bool WasUndone { get; private set; }

    /// <summary>The penalties of the model in the state.</summary>
    public double Penalty
    {
        get
        {
            double sum = 0;
            for (int n = 0; n < _updates.Length; n++)
            {
                sum += _updates[n].Penalty(_state.Factors[n]);
            }

            if (_core is { Penalty: > 0 } settings)
            {
                sum += settings.Penalty * double.CreateTruncating(TensorPrimitives.Sum<T>(Elements(_state.Core)));
            }

            return sum;
        }
    }

    /// <summary>To be called once before the first sweep: fits the core to the factors.</summary>
    public void Begin()
    {
        _target.Begin(_state);
        Hold(Finish());
        _target.Begin(_state);
    }

    /// <summary>Updates every factor that is not fixed, in order, then the core.</summary>
    public void Sweep()
    {
        double step = _step.Length;
        for (int n = 0; n < _updates.Length; n++)
        {
            if (_fixed[n])
            {
                continue;
            }

            _updates[n].Update(_target.Factor(_state, n), _state.Factors[n]);
            Elements(_state.Factors[n]).CopyTo(Elements(_updated[n]));
            Extrapolate(n, step);
            _state.Renew(n);
        }

        double error = Finish();
        WasUndone = !(ObjectiveOf(error) <= Objective);
        if (WasUndone)
        {
            Undo();
        }
        else
        {
            Hold(error);
            _step.Lengthen();
            for (int n = 0; n < _before.Length; n++)
            {
                (_before[n], _updated[n]) = (_updated[n], _before[n]);
            }
        }

        _target.Begin(_state);
    }

    /// <summary>sqrt(err^2 + 2 penalties / ||W^(1/2) X||^2).</summary>
    public double ObjectiveOf(double error) => Math.Sqrt((error * error) + (2 * Penalty / _target.Norm / _target.Norm));

    /// <summary>The largest over the free factors and the core of the relative change that one step of projected gradient descent would make.</summary>
    public double Residual()
    {
        _target.Begin(_state);
        double largest = 0;
        for (int n = 0; n < _updates.Length; n++)
        {
            largest = _fixed[n] ? largest : Math.Max(largest, _updates[n].Residual(_target.Factor(_state, n), _state.Factors[n]));
        }

        return Math.Max(largest, _target.Core(_state).Residual(_state.Core, _core is not null, _core?.Penalty ?? 0));
    }

    /// <summary>Everything that the next sweep reads, exactly.</summary>
    public void AddTo(ModelArchive archive, string prefix)
    {
        _state.AddTo(archive, prefix);
        archive.Add(prefix + "descent", [RelativeError, Objective, WasUndone ? 1 : 0, .. _step.State]);
        for (int n = 0; n < _before.Length; n++)
        {
            archive.Add($"{prefix}held_{n}", _held[n]);
            archive.Add($"{prefix}before_{n}", _before[n]);
        }

        archive.Add(prefix + "held_core", _held[^1]);
    }

    /// <summary>Goes on from what <see cref="AddTo"/> wrote; the state has been restored already. Takes the place of <see cref="Begin"/>.</summary>
    public void Restore(ModelArchive archive, string prefix)
    {
        double[] numbers = archive.Numbers(prefix + "descent");
        (RelativeError, Objective, WasUndone, _step.State) = (numbers[0], numbers[1], numbers[2] != 0, numbers[3..]);
        for (int n = 0; n < _before.Length; n++)
        {
            Elements(archive.Read<T>($"{prefix}held_{n}", 2)).CopyTo(Elements(_held[n]));
            Elements(archive.Read<T>($"{prefix}before_{n}", 2)).CopyTo(Elements(_before[n]));
        }

        Elements(archive.Read<T>(prefix + "held_core", _before.Length)).CopyTo(Elements(_held[^1]));
        _target.Begin(_state);
    }

    /// <summary>The core, and the error of the model with it.</summary>
    private double Finish()
    {
        CoreSystem<T> system = _target.Core(_state);
        if (_core is { } settings)
        {
            system.MinimiseNonNegative(_state.Core, settings);
        }
        else
        {
            system.Minimise(_state.Core);
        }

        return _target.RelativeError(_state, system);
    }

    private void Hold(double error)
    {
        (RelativeError, Objective) = (error, ObjectiveOf(error));
        Tensor<T>[] blocks = _state.Blocks;
        for (int n = 0; n < blocks.Length; n++)
        {
            Elements(blocks[n]).CopyTo(Elements(_held[n]));
        }
    }

    private void Undo()
    {
        for (int n = 0; n < _before.Length; n++)
        {
            Elements(_held[n]).CopyTo(Elements(_state.Factors[n]));
            Elements(_held[n]).CopyTo(Elements(_before[n]));
            _state.Renew(n);
        }

        Elements(_held[^1]).CopyTo(Elements(_state.Core));
        _step.Shorten();
        _target.Undone();
    }

    /// <summary>x + step (x - x before), to the nearest allowed factor.</summary>
    private void Extrapolate(int mode, double step)
    {
        if (step == 0)
        {
            return;
        }

        Span<T> x = Elements(_state.Factors[mode]);
        ReadOnlySpan<T> before = Elements(_before[mode]);
        T far = T.CreateTruncating(step);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] += far * (x[i] - before[i]);
        }

        _updates[mode].Allow(_state.Factors[mode]);
    }

    private static Span<T> Elements(Tensor<T> tensor) => DenseData.Elements(tensor);
}
