namespace Polyad.Decomposition;

/// <summary>
/// How far sweeps of block coordinate descent extrapolate (Ang, Cohen, Gillis, Hien 2020): further after each sweep that was good, less after one that was taken back, which a plain sweep follows.
/// </summary>
internal sealed class ExtrapolationStep(bool extrapolate)
{
    private const double First = 0.5, Growth = 1.05, BoundGrowth = 1.01, Shrink = 1.5;

    private double _step = First;
    private double _bound = 1;
    private double _last = First;
    private bool _plain = true;

    /// <summary>Whether the next sweep does not extrapolate.</summary>
    public bool IsPlain => !extrapolate || _plain;

    /// <summary>b in x + b (x - x before); 0 in a plain sweep.</summary>
    public double Length => IsPlain ? 0 : _step;

    /// <summary>Everything that decides about the next sweep, for checkpoints.</summary>
    public double[] State
    {
        get => [_step, _bound, _last, _plain ? 1 : 0];
        set => (_step, _bound, _last, _plain) = (value[0], value[1], value[2], value[3] != 0);
    }

    /// <summary>The sweep was good.</summary>
    public void Lengthen()
    {
        _last = _step;
        _step = Math.Min(_bound, Growth * _step);
        _bound = Math.Min(1, BoundGrowth * _bound);
        _plain = false;
    }

    /// <summary>The sweep was taken back.</summary>
    public void Shorten()
    {
        if (!_plain)
        {
            _bound = _last;
            _step /= Shrink;
        }

        _plain = true;
    }
}
