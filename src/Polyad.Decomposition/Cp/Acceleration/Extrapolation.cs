using System.Numerics;

namespace Polyad.Decomposition;

/// <summary>Chooses where the next sweep begins, from where the last ones began and ended.</summary>
internal sealed class Extrapolation<T>(CpAcceleration kind, bool[] fixedModes, int order)
    where T : unmanaged, INumberBase<T>
{
    private const int Window = 6;
    private readonly AndersonMixing _mixing = new(Window);
    private double[]? _begin;
    private double[]? _end;
    private double[]? _previous;
    private int _sweeps;
    private int _failures;
    private double _root = order;
    private double _t = 1;
    private bool _jumped;

    /// <summary>To be told after each sweep.</summary>
    public void Swept(CpState<T> state)
    {
        _sweeps++;
        _previous = _end;
        _end = state.Pack(fixedModes);
        if (kind == CpAcceleration.Anderson && _begin is not null)
        {
            _mixing.Add(_begin, _end);
        }

        _begin = _end;
    }

    public bool Propose(CpState<T> state)
    {
        if (_previous is null)
        {
            return false;
        }

        double[] next;
        switch (kind)
        {
            case CpAcceleration.Anderson:
                if (_mixing.Count < 2)
                {
                    return false;
                }

                next = _mixing.Next();
                break;
            case CpAcceleration.LineSearch:
                if (_sweeps < 4 || _jumped)
                {
                    _jumped = false;
                    return false;
                }

                next = Beyond(Math.Pow(_sweeps, 1 / _root) - 1);
                break;
            default:
                double t = (1 + Math.Sqrt(1 + (4 * _t * _t))) / 2;
                next = Beyond((_t - 1) / t);
                _t = t;
                break;
        }

        _jumped = true;
        state.Unpack(next, fixedModes);
        _begin = next;
        return true;
    }

    public void Rejected()
    {
        _begin = _end;
        if (kind == CpAcceleration.Anderson)
        {
            _mixing.Clear();
        }

        _t = 1;
        if (++_failures == 4)
        {
            _failures = 0;
            _root++;
        }
    }

    private double[] Beyond(double share)
    {
        double[] next = new double[_end!.Length];
        for (int i = 0; i < next.Length; i++)
        {
            next[i] = _end[i] + (share * (_end[i] - _previous![i]));
        }

        return next;
    }
}
