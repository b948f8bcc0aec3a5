using System.Numerics;
using System.Numerics.Tensors;

namespace Polyad.Decomposition;

/// <summary>
/// Block coordinate descent on a CP model: in each sweep the factors are updated in turn. With extrapolation the other factors that an update sees have gone further in the direction of
/// their last change, and a sweep that ends worse is undone and followed by a plain one (after Ang, Cohen, Gillis, Hien 2020); so the objective never rises, and a sweep costs what it did.
/// </summary>
internal sealed class CpDescent<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly CpTarget<T> _target;
    private readonly ComponentRevival<T>? _revival;
    private readonly CpState<T> _state;
    private readonly FactorUpdate<T>[] _updates;
    private readonly bool[] _fixed;
    private readonly ExtrapolationStep _step;
    private readonly Tensor<T>[] _held;
    private readonly Tensor<T>[] _updated;
    private readonly Tensor<T>[] _before;
    private readonly int _first;
    private readonly int _last;
    private readonly int _carrier;

    /// <param name="target">What is fitted.</param>
    /// <param name="state">An unscaled model to begin at; changed by sweeps.</param>
    /// <param name="updates">One for each mode.</param>
    /// <param name="fixedModes">Modes that stay; not all.</param>
    /// <param name="extrapolate">Whether to extrapolate.</param>
    /// <param name="draws">Directions for components that vanish, where they may return; null to leave them.</param>
    public CpDescent(CpTarget<T> target, CpState<T> state, FactorUpdate<T>[] updates, bool[] fixedModes, bool extrapolate, CounterRandom? draws = null)
    {
        _target = target;
        _state = state;
        _updates = updates;
        _fixed = fixedModes;
        _step = new ExtrapolationStep(extrapolate);
        _held = [.. state.Factors.Select(DenseData.Copy)];
        _updated = [.. state.Factors.Select(DenseData.Copy)];
        _before = [.. state.Factors.Select(DenseData.Copy)];
        _first = Array.IndexOf(fixedModes, false);
        _last = Array.LastIndexOf(fixedModes, false);
        _carrier = Carrier(updates, fixedModes);
        _revival = draws is { } random && ComponentRevival<T>.IsPossible(updates, fixedModes) ? new ComponentRevival<T>(updates, fixedModes, random) : null;
    }

    /// <summary>||W^(1/2) (X - M)|| / ||W^(1/2) X|| of the model that is held.</summary>
    public double RelativeError { get; private set; } = double.PositiveInfinity;

    /// <summary>sqrt(2 F) / ||W^(1/2) X||, F being half the squared error plus the penalties: what sweeps lower, and the relative error where nothing is penalised.</summary>
    public double Objective { get; private set; } = double.PositiveInfinity;

    /// <summary>Whether the next sweep does not extrapolate.</summary>
    public bool IsPlain => _step.IsPlain;

    /// <summary>Whether the last sweep was taken back.</summary>
    public bool WasUndone { get; private set; }

    /// <summary>Whether a component that had vanished got new directions after the last sweep: the next one may gain by it.</summary>
    public bool HasRevived { get; private set; }

    /// <summary>
    /// The free mode whose factor is updated before all others, once: the first that takes columns of either sign, or the first of all where none does. Columns of a start have arbitrary signs. A mode that takes one sign
    /// alone, updated among them, would keep nothing of a component whose product with the others is negative, and a column of zeros makes the others zero in their turn; the mode of either sign turns the component instead.
    /// </summary>
    public static int Carrier(FactorUpdate<T>[] updates, bool[] fixedModes)
    {
        int carrier = Enumerable.Range(0, updates.Length).FirstOrDefault(n => !fixedModes[n] && updates[n].IsSymmetric, -1);
        return carrier >= 0 ? carrier : Array.IndexOf(fixedModes, false);
    }

    /// <summary>
    /// To be called once before the first sweep: gives the first factor the size that fits the data best, and updates the modes from <see cref="Carrier"/> on when it is not the first that a sweep comes to.
    /// </summary>
    public void Begin()
    {
        _target.Begin(_state);
        Tensor<T> factor = _state.Factors[_first];
        ModeSystem<T> system = _target.System(_state, _first);
        ReadOnlySpan<T> gradient = system.Gradient(factor), right = DenseData.Elements(system.Right);
        Span<T> x = DenseData.Elements(factor);
        double inner = 0, square = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double value = double.CreateTruncating(x[i]), m = double.CreateTruncating(right[i]);
            inner += value * m;
            square += value * (double.CreateTruncating(gradient[i]) + m);
        }

        if (inner > 0 && square > 0)
        {
            TensorPrimitives.Multiply(x, T.CreateTruncating(inner / square), x);
            _updates[_first].Allow(factor);
            _state.Renew(_first);
            _target.Begin(_state);
        }

        if (_carrier > _first)
        {
            for (int n = _carrier; n <= _last; n++)
            {
                if (!_fixed[n])
                {
                    _updates[n].Update(_target.System(_state, n), _state.Factors[n]);
                    _state.Renew(n);
                }
            }

            _target.Begin(_state);
        }
    }

    /// <summary>Updates every factor that is not fixed, in order.</summary>
    public void Sweep()
    {
        double step = _step.Length;
        ModeSystem<T>? system = null;
        for (int n = _first; n <= _last; n++)
        {
            if (_fixed[n])
            {
                continue;
            }

            system = _target.System(_state, n);
            _updates[n].Update(system, _state.Factors[n]);
            Elements(_state.Factors[n]).CopyTo(Elements(_updated[n]));
            if (n < _last)
            {
                ExtrapolationStep.Move(_state.Factors[n], _before[n], step, _updates[n]);
            }

            _state.Renew(n);
        }

        double error = _target.RelativeError(_state, _last, system!), objective = ObjectiveOf(error);
        WasUndone = !(objective <= Objective);
        if (WasUndone)
        {
            Undo();
            _target.Undone();
        }
        else
        {
            (RelativeError, Objective) = (error, objective);
            Keep();
        }

        HasRevived = _revival is not null && _revival.Run(_held, [_state.Factors, _before]);
        for (int n = 0; HasRevived && n < _held.Length; n++)
        {
            _state.Renew(n);
        }

        _target.Begin(_state);
    }

    /// <summary>sqrt(err^2 + 2 penalties / ||W^(1/2) X||^2) of the model in the state, whose error is given.</summary>
    public double ObjectiveOf(double error)
    {
        double penalty = 0;
        for (int n = 0; n < _updates.Length; n++)
        {
            penalty += _updates[n].Penalty(_state.Factors[n]);
        }

        return Math.Sqrt((error * error) + (2 * penalty / _target.Norm / _target.Norm));
    }

    /// <summary>Puts the model that is held into the state.</summary>
    public void Settle() => Restore(_held);

    /// <summary>The largest over the modes of what <see cref="FactorUpdate{T}.Residual"/> tells of the model in the state.</summary>
    public double Residual()
    {
        _target.Begin(_state);
        double largest = 0;
        for (int n = 0; n < _updates.Length; n++)
        {
            largest = _fixed[n] ? largest : Math.Max(largest, _updates[n].Residual(_target.System(_state, n), _state.Factors[n]));
        }

        return largest;
    }

    /// <summary>Everything that the next sweep reads, exactly.</summary>
    public void AddTo(ModelArchive archive, string prefix)
    {
        _state.AddTo(archive, prefix);
        archive.Add(prefix + "descent", [RelativeError, Objective, WasUndone ? 1 : 0, HasRevived ? 1 : 0, _revival?.Rounds ?? 0, .. _step.State]);
        for (int n = 0; n < _held.Length; n++)
        {
            archive.Add($"{prefix}held_{n}", _held[n]);
            archive.Add($"{prefix}before_{n}", _before[n]);
            _updates[n].AddTo(archive, $"{prefix}update_{n}_");
        }
    }

    /// <summary>Goes on from what <see cref="AddTo"/> wrote; the state has been restored already. Takes the place of <see cref="Begin"/>.</summary>
    public void Restore(ModelArchive archive, string prefix)
    {
        double[] numbers = archive.Numbers(prefix + "descent");
        (RelativeError, Objective, WasUndone, HasRevived, _step.State) = (numbers[0], numbers[1], numbers[2] != 0, numbers[3] != 0, numbers[5..]);
        _revival?.Rounds = (int)numbers[4];
        for (int n = 0; n < _held.Length; n++)
        {
            Elements(archive.Read<T>($"{prefix}held_{n}", 2)).CopyTo(Elements(_held[n]));
            Elements(archive.Read<T>($"{prefix}before_{n}", 2)).CopyTo(Elements(_before[n]));
            _updates[n].Restore(archive, $"{prefix}update_{n}_");
        }

        _target.Begin(_state);
    }

    /// <summary>The sweep was good: longer steps, and the last factor too goes on.</summary>
    private void Keep()
    {
        for (int n = 0; n < _held.Length; n++)
        {
            Elements(_state.Factors[n]).CopyTo(Elements(_held[n]));
        }

        bool plain = _step.IsPlain;
        _step.Lengthen();
        if (_target.AllowsLastStep && !plain)
        {
            ExtrapolationStep.Move(_state.Factors[_last], _before[_last], _step.Length, _updates[_last]);
            _state.Renew(_last);
        }

        for (int n = 0; n < _held.Length; n++)
        {
            (_before[n], _updated[n]) = (_updated[n], _before[n]);
        }
    }

    private void Undo()
    {
        Restore(_held);
        for (int n = 0; n < _held.Length; n++)
        {
            Elements(_held[n]).CopyTo(Elements(_before[n]));
        }

        _step.Shorten();
    }

    private void Restore(Tensor<T>[] factors)
    {
        for (int n = 0; n < factors.Length; n++)
        {
            Elements(factors[n]).CopyTo(Elements(_state.Factors[n]));
            _state.Renew(n);
        }
    }

    private static Span<T> Elements(Tensor<T> tensor) => DenseData.Elements(tensor);
}
